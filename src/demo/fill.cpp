#include "demo/fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "access/audit.h"
#include "account/brand_account.h"
#include "account/staff.h"
#include "account/store.h"
#include "audience/audience.h"
#include "base/check.h"
#include "customer/attribute.h"
#include "customer/person.h"
#include "customer/static_list.h"
#include "demo/dice.h"
#include "demo/entry.h"
#include "demo/text.h"
#include "log/batch.h"
#include "setting/setting.h"

namespace demo {
namespace {

// What is refused here is our own mistake: the brand is made to be taken.
template <typename T, typename E>
T taken(base::Result<T, E>&& result) {
  CHECK(result.has_value());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Filling {
 public:
  Filling(store::Database& database, event_log::Log& log, const FillOptions& options)
      : database_(database),
        log_(log),
        options_(options),
        zone_(database.read([](store::Session& session) { return setting::read(session).zone; })),
        plan_({.seed = options.seed, .now = options.now, .days = options.days}, zone_),
        dice_(options.seed, kNobody),
        batch_{dice_.random().id()} {}

  Filled fill() {
    database_.write("demo.begin", [&](store::Unit& unit) { begin(unit); });
    for (std::int64_t first = 0; first < options_.customers; first += kLivesAtOnce) {
      const std::int64_t end = std::min(first + kLivesAtOnce, options_.customers);
      std::vector<Life> lives;
      for (std::int64_t number = first; number < end; ++number) {
        lives.push_back(life_of(plan_, number));
      }
      filled_.events += database_.write(
          "demo.customers", [&](store::Unit& unit) { return write_lives(unit, lives); });
      filled_.customers = end;
      if (options_.progress) options_.progress(end);
    }
    const std::vector<base::AudienceId> fresh = audience_ids();
    database_.write("demo.end", [&](store::Unit& unit) { end(unit, fresh); });
    filled_.audiences = static_cast<std::int64_t>(fresh.size());
    return filled_;
  }

 private:
  customer::WritingOptions writing_options() const {
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::import, .id = batch_.value};
    options.now = options_.now;
    options.source = std::string(kSource);
    options.live = false;
    options.batch = batch_;
    return options;
  }
  void begin(store::Unit& unit) {
    mark_begun(unit, options_.now);
    event_log::begin_batch(unit, {.id = batch_,
                                  .kind = "events",
                                  .file_name = std::string(text("brand").text),
                                  .who = std::string(kSource),
                                  .now = options_.now});
    const rights::Actor actor = program();
    taken(setting::set(
        unit,
        {.name = "brand_name", .text = text("brand").text, .actor = actor, .now = options_.now}));
    customer::Writing writing(unit, log_, writing_options());
    for (const Text& each : texts("attribute")) declare(writing, each);
    for (const Text& list : texts("list")) taken(customer::declare_list(writing, list.text));
    enter_brand({unit, actor, options_.now});
  }

  static void declare(customer::Writing& writing, const Text& attribute) {
    const std::vector<std::string_view> what = words(attribute.more);
    const bool is_date = what.at(0) == "birthday";
    const auto type = is_date ? base::ValueType::date : base::ValueType::text;
    const auto made = taken(customer::declare_attribute(writing, what.at(0), type));
    taken(customer::note_attribute(writing, made.id,
                                   {.label_zh = std::string(attribute.text),
                                    .label_en = std::string(what.at(1)),
                                    .personal = attribute.number == 1}));
  }

  // The brand's accounts, stores and staff; the stores are shared out among the staff.
  void enter_brand(const account::Change& change) {
    for (const Text& each : texts("account")) {
      const std::vector<std::string_view> what = words(each.more);
      taken(account::add_brand_account(change,
                                       {.id = {dice_.random().id()},
                                        .kind = account::account_kind_named(what.at(0)).value(),
                                        .external_id = std::string(what.at(1)),
                                        .name = std::string(each.text),
                                        .created_at = options_.now}));
    }
    std::vector<base::StoreId> stores;
    for (const Text& each : texts("store")) {
      stores.push_back({dice_.random().id()});
      taken(account::add_store(change, {.id = stores.back(),
                                        .code = fmt::format("S{:02}", stores.size()),
                                        .name = std::string(each.text),
                                        .city = std::string(each.more)}));
    }
    const std::span<const Text> members = texts("staff");
    for (std::size_t i = 0; i < members.size(); ++i) {
      account::Staff member{.id = {dice_.random().id()},
                            .number = fmt::format("Y{:02}", i + 1),
                            .name = std::string(members[i].text)};
      for (std::size_t store = i; store < stores.size(); store += members.size()) {
        member.stores.push_back(stores[store]);
      }
      std::ranges::sort(member.stores);
      staff_.emplace(members[i].text, taken(account::add_staff(change, member)).id);
    }
  }

  // Answers how many events.
  std::int64_t write_lives(store::Unit& unit, const std::vector<Life>& lives) {
    customer::Writing writing(unit, log_, writing_options());
    std::vector<event_log::NewEvent> events;
    for (const Life& life : lives) {
      write_customer(writing, life);
      events.insert(events.end(), life.events.begin(), life.events.end());
    }
    write_events(unit, events);
    event_log::count_rows(unit, batch_,
                          {.counts = {.rows = static_cast<std::int64_t>(events.size()),
                                      .written = static_cast<std::int64_t>(events.size())},
                           .now = options_.now});
    return static_cast<std::int64_t>(events.size());
  }

  void write_events(store::Unit& unit, std::span<const event_log::NewEvent> events) {
    const event_log::Origin origin{.source = std::string(kSource),
                                   .liveness = event_log::Liveness::history,
                                   .now = options_.now,
                                   .batch = batch_};
    while (!events.empty()) {
      const auto some = events.first(std::min(events.size(), event_log::kAppendEventsMax));
      events = events.subspan(some.size());
      taken(log_.append(unit, origin, some));
    }
  }

  void write_customer(customer::Writing& writing, const Life& life) {
    Entry entry(writing, staff_);
    CHECK(taken(entry.person(life)));
    taken(entry.attributes(life.id, life.attributes));
    for (const TagPut& put : life.tags) taken(entry.tag(life.id, put));
    for (const Consent& consent : life.consents) taken(entry.consent(life.id, consent));
    for (const ListJoined& joined : life.lists) taken(entry.list(life.id, joined));
    // Who was theirs and is no longer would be told with nobody's having decided it.
    if (!life.looked_after.empty() && !life.looked_after.back().ended) {
      entry.looked_after(life.id, life.looked_after.back());
    }
  }

  std::vector<base::AudienceId> audience_ids() {
    std::vector<base::AudienceId> ids;
    for (std::size_t i = 0; i < texts("audience").size(); ++i) ids.push_back({dice_.random().id()});
    return ids;
  }

  void end(store::Unit& unit, std::span<const base::AudienceId> fresh) {
    const rights::Actor actor = program();
    const audience::Saving saving{unit, log_.catalog(), zone_, actor, options_.now};
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const Text& saved = texts("audience")[i];
      taken(audience::create(saving, fresh[i],
                             {std::string(saved.text), {.text = std::string(saved.more)}}));
    }
    taken(event_log::finish_batch(unit, batch_, {options_.now}));
    mark_made(unit,
              {.seed = options_.seed,
               .customers = options_.customers,
               .days = options_.days,
               .zone = zone_.name()},
              options_.now);
  }

  store::Database& database_;
  event_log::Log& log_;
  const FillOptions& options_;
  base::Zone zone_;
  Plan plan_;
  Dice dice_;
  base::BatchId batch_;
  StaffByName staff_;
  Filled filled_;
};

}  // namespace

bool is_empty(store::Session& session) {
  return rights::read_audit(session, {}, {.limit = 1}).entries.empty() &&
         customer::customers_after(session, {}, 1).empty();
}

Filled fill(store::Database& database, event_log::Log& log, const FillOptions& options) {
  CHECK(options.customers >= 1 && options.customers <= kCustomersMax);
  return Filling(database, log, options).fill();
}

}  // namespace demo
