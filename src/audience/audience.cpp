#include "audience/audience.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <set>
#include <utility>

#include "access/audit.h"
#include "audience/audience_sql.h"
#include "audience/catalog.h"
#include "audience/dependency.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "audience/triviality.h"
#include "base/check.h"
#include "base/text.h"
#include "log/event_type.h"

namespace audience {
namespace {

constexpr store::LockKey kAudiencesLock{700, 0};

SavedAudience saved_from(const store::Row& row) {
  return SavedAudience{
      base::AudienceId{row.integer(0)}, std::string(row.text(1)), row.integer(2),
      std::string(row.text(3)),         std::string(row.text(4)), base::Moment{row.integer(5)},
      base::Moment{row.integer(6)},     std::string(row.text(7))};
}

// What the audit shows.
std::string shown(const SavedAudience& audience) {
  return boost::json::serialize(boost::json::object{
      {"name", audience.name}, {"rule", audience.text}, {"version", audience.version}});
}

struct Change {
  std::string_view verb;
  std::optional<SavedAudience> before;
  std::optional<SavedAudience> after;
};
void record(const Saving& saving, const Change& change) {
  rights::AuditEntry entry;
  entry.actor = saving.actor;
  entry.at = saving.now;
  entry.noun = "audience";
  entry.verb = change.verb;
  entry.subject = std::to_string((change.after ? change.after : change.before)->id.value);
  if (change.before) entry.before = shown(*change.before);
  if (change.after) entry.after = shown(*change.after);
  rights::record(saving.unit, entry);
}

// A rule that was looked at: as it is stored, and what it leans on.
struct Checked {
  std::string text;
  std::string tree;
  std::set<std::int64_t> used;  // audiences, models, stages
  std::vector<Warning> warnings;
};

base::Result<Checked, SaveError> check_rule(const Saving& saving, const Catalog& catalog,
                                            base::AudienceId itself, const GivenRule& given) {
  const auto refused = [](RuleError error) {
    return base::unexpected(SaveError{SaveFault::rule_refused, std::move(error), {}});
  };
  Checked checked;
  checked.text = given.tree ? print(*given.tree) : given.text;
  BindOptions options;
  options.zone = &saving.zone;
  options.saved = true;
  options.itself = itself;
  const auto bound =
      given.tree ? bind(*given.tree, catalog, options) : compile(given.text, catalog, options);
  if (!bound) return refused(bound.error());
  checked.tree = to_tree_text((*bound)->rule());
  checked.warnings = (*bound)->warnings();
  for (Warning& warning : triviality_warnings(**bound)) {
    checked.warnings.push_back(std::move(warning));
  }
  checked.used = named_by((*bound)->rule(), catalog);
  return checked;
}

base::Result<std::string, SaveError> check_name(const Catalog& catalog, base::AudienceId itself,
                                                const std::string& given) {
  if (given.size() > kAudienceNameBytesMax || !base::is_utf8(given)) {
    return base::unexpected(SaveError{SaveFault::bad_name});
  }
  std::string name = base::to_nfc(given);
  if (!event_log::is_name(name)) return base::unexpected(SaveError{SaveFault::bad_name});
  const auto holder = catalog.audience(name);
  if ((holder && *holder != itself) || catalog.list(name)) {
    return base::unexpected(SaveError{SaveFault::name_taken});
  }
  return name;
}

void store_uses(const Saving& saving, base::AudienceId id, const Checked& checked) {
  saving.unit.execute(sql::kDeleteUses, {id.value});
  for (const std::int64_t used : checked.used) {
    saving.unit.execute(sql::kInsertUse, {id.value, used});
  }
}

SavedAudience stored(const Saving& saving, base::AudienceId id) {
  std::optional<SavedAudience> audience = audience_with(saving.unit, id);
  CHECK(audience);
  return *std::move(audience);
}

}  // namespace

std::string_view code_of(SaveFault fault) {
  switch (fault) {
    case SaveFault::no_such_audience:
      return "audience.no_such_audience";
    case SaveFault::version_differs:
      return "audience.version_differs";
    case SaveFault::bad_name:
      return "audience.bad_name";
    case SaveFault::name_taken:
      return "audience.name_taken";
    case SaveFault::too_many_audiences:
      return "audience.too_many_audiences";
    case SaveFault::rule_refused:
      return "audience.rule_refused";
    case SaveFault::in_use:
      return "audience.in_use";
  }
  base::unreachable();
}

std::vector<SavedAudience> audiences(store::Session& session) {
  std::vector<SavedAudience> found;
  session.query(sql::kAudiences, {},
                [&](const store::Row& row) { found.push_back(saved_from(row)); });
  return found;
}

std::optional<SavedAudience> audience_with(store::Session& session, base::AudienceId id) {
  return session.one(sql::kAudienceWith, {id.value}, saved_from);
}

std::optional<SavedAudience> audience_named(store::Session& session, std::string_view name) {
  if (!base::is_utf8(name)) return std::nullopt;
  const std::string normal = base::to_nfc(name);
  return session.one(sql::kAudienceNamed, {std::string_view(normal)}, saved_from);
}

std::vector<AudienceVersion> versions_of(store::Session& session, base::AudienceId id) {
  std::vector<AudienceVersion> found;
  session.query(sql::kVersionsOf, {id.value}, [&](const store::Row& row) {
    found.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                     std::string(row.text(3)), base::Moment{row.integer(4)},
                     std::string(row.text(5))});
  });
  return found;
}

std::vector<std::string> users_of(store::Session& session, std::int64_t named) {
  std::vector<std::string> found;
  session.query(sql::kUsersOf, {named},
                [&](const store::Row& row) { found.emplace_back(row.text(0)); });
  return found;
}

std::vector<std::string> users_of(store::Session& session, base::AudienceId id,
                                  const StageSource* stages) {
  std::vector<std::string> found = users_of(session, id.value);
  if (stages == nullptr) return found;
  std::vector<std::string> of_stages = stages->users_of(session, id.value);
  std::ranges::move(of_stages, std::back_inserter(found));
  return found;
}

void lock_audiences(store::Unit& unit) { unit.lock({kAudiencesLock}); }

base::Result<Saved, SaveError> create(const Saving& saving, base::AudienceId fresh,
                                      const NewAudience& given) {
  CHECK(fresh);
  lock_audiences(saving.unit);
  const auto catalog = Catalog::of(saving.unit, saving.events, saving.stages);
  const auto name = check_name(*catalog, fresh, given.name);
  if (!name) return base::unexpected(name.error());
  const auto count = saving.unit.one(sql::kCountAudiences, {},
                                     [](const store::Row& row) { return row.integer(0); });
  if (*count >= kAudiencesMax) {
    return base::unexpected(SaveError{SaveFault::too_many_audiences});
  }
  const auto checked = check_rule(saving, *catalog, fresh, given.rule);
  if (!checked) return base::unexpected(checked.error());
  const std::string by = rights::to_text(saving.actor);
  saving.unit.execute(sql::kInsertAudience,
                      {fresh.value, std::string_view(*name), std::string_view(checked->text),
                       std::string_view(checked->tree), saving.now.ms, std::string_view(by)});
  saving.unit.execute(sql::kInsertVersion, {fresh.value});
  store_uses(saving, fresh, *checked);
  SavedAudience audience = stored(saving, fresh);
  record(saving, {"created", std::nullopt, audience});
  return Saved{std::move(audience), checked->warnings};
}

base::Result<Saved, SaveError> change(const Saving& saving, base::AudienceId id,
                                      const AudienceChange& change) {
  lock_audiences(saving.unit);
  const auto before = audience_with(saving.unit, id);
  if (!before) return base::unexpected(SaveError{SaveFault::no_such_audience});
  if (change.version && *change.version != before->version) {
    return base::unexpected(SaveError{SaveFault::version_differs});
  }
  const auto catalog = Catalog::of(saving.unit, saving.events, saving.stages);
  SavedAudience after = *before;
  if (change.name) {
    auto name = check_name(*catalog, id, *change.name);
    if (!name) return base::unexpected(name.error());
    after.name = *std::move(name);
  }
  std::vector<Warning> warnings;
  if (change.rule) {
    const auto checked = check_rule(saving, *catalog, id, *change.rule);
    if (!checked) return base::unexpected(checked.error());
    warnings = checked->warnings;
    after.text = checked->text;
    after.tree = checked->tree;
    store_uses(saving, id, *checked);
  }
  const bool other_rule = after.text != before->text || after.tree != before->tree;
  if (other_rule || after.name != before->name) {
    const std::string by = rights::to_text(saving.actor);
    saving.unit.execute(sql::kSetAudience,
                        {id.value, std::string_view(after.name), std::string_view(after.text),
                         std::string_view(after.tree), saving.now.ms, std::string_view(by)});
    saving.unit.execute(sql::kInsertVersion, {id.value});
    record(saving, {other_rule ? "changed" : "renamed", before, stored(saving, id)});
  }
  return Saved{stored(saving, id), std::move(warnings)};
}

base::Result<SavedAudience, SaveError> remove(const Saving& saving, base::AudienceId id,
                                              std::int64_t version) {
  lock_audiences(saving.unit);
  const auto before = audience_with(saving.unit, id);
  if (!before) return base::unexpected(SaveError{SaveFault::no_such_audience});
  if (version != before->version) return base::unexpected(SaveError{SaveFault::version_differs});
  std::vector<std::string> users = users_of(saving.unit, id, saving.stages);
  if (!users.empty()) {
    return base::unexpected(SaveError{SaveFault::in_use, std::nullopt, std::move(users)});
  }
  const std::string by = rights::to_text(saving.actor);
  saving.unit.execute(sql::kDeleteAudience, {id.value, saving.now.ms, std::string_view(by)});
  saving.unit.execute(sql::kDeleteUses, {id.value});
  record(saving, {"deleted", before, std::nullopt});
  return *before;
}

}  // namespace audience
