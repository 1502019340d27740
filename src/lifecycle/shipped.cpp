#include "lifecycle/shipped.h"

#include "base/diagnostics.h"
#include "lifecycle/model.h"
#include "lifecycle/model_sql.h"
#include "lifecycle/shipped_model_table.h"
#include "lifecycle/shipped_stage_table.h"

namespace lifecycle {
namespace {

NewModel given_from(const ShippedModel& row) {
  NewModel model{.key = std::string(row.key),
                 .label = {std::string(row.chinese), std::string(row.english)},
                 .description = {std::string(row.words_chinese), std::string(row.words_english)},
                 .shipped = true};
  for (const ShippedStage& stage : kShippedStages) {
    if (stage.model != row.key) continue;
    GivenStage& given = model.stages.emplace_back();
    given.key = stage.key;
    given.label = {std::string(stage.chinese), std::string(stage.english)};
    given.description = {std::string(stage.words_chinese), std::string(stage.words_english)};
    given.rule.text = stage.rule;
  }
  return model;
}

bool is_made(store::Session& session, std::string_view key) {
  return session.one(sql::kIsShipped, {key}, [](const store::Row& row) { return row.integer(0); })
      .has_value();
}

// False: there was nothing to make.
base::Result<bool, Error> make(const Shipping& shipping, const ShippedModel& row,
                               const FreshIds& fresh) {
  const NewModel given = given_from(row);
  const rights::Actor actor = {.kind = rights::ActorKind::system, .name = "lifecycle"};
  const Stages stages;
  return shipping.database.write(
      "lifecycle.ship", [&](store::Unit& unit) -> base::Result<bool, Error> {
        audience::lock_audiences(unit);
        if (is_made(unit, row.key)) return false;
        unit.execute(sql::kInsertShipped, {row.key, shipping.now.ms});
        const auto saved = create(
            {unit, shipping.events, shipping.zone, actor, shipping.now, &stages}, fresh, given);
        if (saved) return true;
        // It is the brand's own.
        if (saved.error().fault == Fault::name_taken) return false;
        return base::unexpected(saved.error());
      });
}

}  // namespace

std::size_t ship(const Shipping& shipping) {
  std::size_t made = 0;
  for (const ShippedModel& row : kShippedModels) {
    const bool known =
        shipping.database.read([&](store::Session& session) { return is_made(session, row.key); });
    if (known) continue;
    const auto done = make(shipping, row, FreshIds::draw(shipping.random));
    if (done) {
      made += *done ? 1 : 0;
    } else {
      base::log_warning("the lifecycle model {} cannot be made: {}", row.key,
                        done.error().rule ? audience::code_of(done.error().rule->fault)
                                          : code_of(done.error().fault));
    }
  }
  return made;
}

}  // namespace lifecycle
