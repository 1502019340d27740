#include "server/check.h"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>

#include "account/friendship_proof.h"
#include "base/check.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/name_index.h"
#include "customer/person.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "ledger/proof.h"
#include "log/reader.h"
#include "log/scanned_rows.h"
#include "order/proof.h"
#include "server/check_columns.h"
#include "server/check_sql.h"
#include "store/scrub.h"
#include "timeline/change.h"
#include "timer/timer.h"

namespace server {
namespace {

using timeline::MembershipKind;

constexpr std::int64_t kPersonsAtOnce = 10'000;
constexpr std::int64_t kTermsAtOnce = 2'000;   // customers
constexpr std::int64_t kEventsPerPerson = 50;  // what a person's tables cost, in events
constexpr std::int64_t kReadings = 3;          // of every event: names, log and memory

// A proof by SQL: the query answers what is wrong, the other counts what was looked at.
struct Reference {
  Statement what;
  std::string_view wrong;
  std::string_view looked_at;
};

constexpr Reference kReferences[] = {
    {Statement::identities_have_customers, sql::kIdentitiesWithoutCustomer, sql::kCountCustomers},
    {Statement::values_have_customers, sql::kValuesWithoutCustomer, sql::kCountCustomers},
    {Statement::tags_have_customers, sql::kTagsWithoutCustomer, sql::kCountCustomers},
    {Statement::lists_have_customers, sql::kListsWithoutCustomer, sql::kCountCustomers},
    {Statement::consents_have_customers, sql::kConsentsWithoutCustomer, sql::kCountCustomers},
    {Statement::aliases_have_survivors, sql::kAliasesWithoutEnd, sql::kCountAliases},
};

// What an event names by its id.
struct Named {
  Statement what;
  std::string_view find;
};
constexpr std::array kNamed = {Named{Statement::events_have_customers, sql::kFindCustomer},
                               Named{Statement::events_have_types, sql::kFindType},
                               Named{Statement::events_have_sources, sql::kFindSource}};
using Ids = std::array<std::unordered_set<std::int64_t>, kNamed.size()>;

class Checker {
 public:
  explicit Checker(const CheckMeans& means)
      : means_(means), sweep_(means.go_on, cost_of(means.memory.state())) {}

  CheckReport run() {
    check_events();
    means_.database.read_whole([&](store::Session& session) {
      for (const Reference& reference : kReferences) check_reference(session, reference);
      check_readers(session);
      check_scrub(session);
    });
    if (sweep_.step(0)) check_tables();
    if (!over()) check_orders();
    if (!over()) check_friendships();
    if (!over()) check_ledger();
    if (!over()) check_timers();
    if (!over()) check_terms();
    if (!sweep_.stopped()) check_memory();
    report_.stopped = sweep_.stopped();
    return std::move(report_);
  }

 private:
  static std::int64_t cost_of(const timeline::MemoryState& memory) {
    return memory.events * kReadings + memory.persons * kEventsPerPerson;
  }

  void wrong(Statement what, std::string where) {
    if (report_.problems.size() < kCheckProblemsMax) {
      report_.problems.push_back({what, std::move(where)});
    }
  }

  // Nothing further is looked for.
  bool over() const { return report_.problems.size() >= kCheckProblemsMax || sweep_.stopped(); }

  // What events name is there; each id is asked for once.
  void check_events() {
    Ids known;
    std::array<std::int64_t, kNamed.size()> wrong_ids{};
    std::int64_t events = 0;
    event_log::Position through;
    for (bool more = true; more && !over();) {
      means_.database.read([&](store::Session& session) {
        Ids asked;
        const std::int64_t rows = read_events(session, through, [&](const store::Row& row) {
          for (std::size_t i = 0; i < kNamed.size(); ++i) {
            const std::int64_t id = row.integer(3 + static_cast<int>(i));
            if (!known[i].contains(id)) asked[i].insert(id);
          }
        });
        for (std::size_t i = 0; i < kNamed.size(); ++i) {
          for (const std::int64_t id : asked[i]) {
            known[i].insert(id);
            if (session.one(kNamed[i].find, {id}, [](const auto&) { return true; })) continue;
            ++wrong_ids[i];
            wrong(kNamed[i].what, std::to_string(id));
          }
        }
        events += rows;
        more = rows == kCheckEventsAtOnce;
        sweep_.step(rows);
      });
    }
    if (sweep_.stopped()) return;
    for (std::size_t i = 0; i < kNamed.size(); ++i) {
      if (wrong_ids[i] == 0) report_.proved.push_back({kNamed[i].what, events});
    }
  }

  static std::int64_t read_events(store::Session& session, event_log::Position& through,
                                  const std::function<void(const store::Row&)>& visit) {
    std::int64_t rows = 0;
    const event_log::Position after = through;
    const auto each = [&](const store::Row& row) {
      ++rows;
      through = {row.integer(0), row.integer(1), row.integer(2)};
      visit(row);
    };
    if (session.dialect() == store::Dialect::sqlite) {
      session.query(sql::kEventsAfterSqlite, {after.sequence, kCheckEventsAtOnce}, each);
    } else {
      session.query(sql::kEventsAfterPostgresql,
                    {after.epoch, after.transaction, after.sequence, kCheckEventsAtOnce}, each);
    }
    return rows;
  }

  void check_reference(store::Session& session, const Reference& reference) {
    if (over()) return;
    const std::size_t before = report_.problems.size();
    session.query(
        reference.wrong, {static_cast<std::int64_t>(kCheckProblemsMax)},
        [&](const store::Row& row) { wrong(reference.what, std::to_string(row.integer(0))); });
    if (report_.problems.size() != before) return;
    const auto rows =
        session.one(reference.looked_at, {}, [](const store::Row& row) { return row.integer(0); });
    report_.proved.push_back({reference.what, rows.value_or(0)});
  }

  void check_readers(store::Session& session) {
    const event_log::Position newest = means_.log.newest(session);
    std::int64_t rows = 0;
    for (const event_log::ReaderState& reader : event_log::readers(session)) {
      ++rows;
      if (reader.position > newest) wrong(Statement::readers_within_log, reader.name);
    }
    report_.proved.push_back({Statement::readers_within_log, rows});
  }

  void check_scrub(store::Session& session) {
    if (store::is_scrub_due(session)) {
      wrong(Statement::erased_are_gone, "siyu.db");
    } else {
      report_.proved.push_back({Statement::erased_are_gone, 0});
    }
  }

  // What tables say is current against the last of what history says, person by person.
  void check_tables() {
    std::vector<customer::Attribute> attributes;
    std::vector<customer::Tag> tags;
    std::vector<customer::StaticList> lists;
    means_.database.read([&](store::Session& session) {
      attributes = customer::attributes(session);
      tags = customer::tags(session);
      lists = customer::lists(session);
    });
    const std::size_t before = report_.problems.size();
    std::int64_t checked = 0;
    std::int64_t looked_at = 0;
    event_log::ScannedRows index(change_types());
    for (const base::CustomerId person : persons()) {
      if (over()) return;
      // What has come since is scanned for every person: it must not become much.
      if (looked_at++ % kPersonsAtOnce == 0) index.read(means_.database);
      means_.database.read([&](store::Session& session) {
        const auto history = means_.histories.changes_of(session, person, index);
        if (history == nullptr) return;  // erased meanwhile
        ++checked;
        check_attributes(session, *history, attributes);
        check_tags(session, *history, tags);
        check_lists(session, *history, lists);
        check_consents(session, *history);
      });
      sweep_.step(kEventsPerPerson);
    }
    if (report_.problems.size() == before) {
      report_.proved.push_back({Statement::current_as_history, checked});
    }
  }

  void check_orders() {
    const order::Proof proof =
        order::prove({.database = means_.database,
                      .log = means_.log,
                      .projection = means_.orders,
                      .persons = means_.persons,
                      .go_on = [&](std::int64_t rows) { return sweep_.step(rows); }});
    if (proof.stopped) return;
    for (const std::string& where : proof.wrong) wrong(Statement::orders_as_log, where);
    if (proof.wrong.empty()) report_.proved.push_back({Statement::orders_as_log, proof.facts});
  }

  void check_friendships() {
    const account::FriendshipProof proof =
        account::prove({.database = means_.database,
                        .log = means_.log,
                        .friendships = means_.friendships,
                        .go_on = [&](std::int64_t rows) { return sweep_.step(rows); }});
    if (proof.stopped) return;
    for (const std::string& where : proof.wrong) wrong(Statement::friendships_as_log, where);
    if (proof.wrong.empty()) report_.proved.push_back({Statement::friendships_as_log, proof.facts});
  }

  void check_ledger() {
    const ledger::Proof proof =
        ledger::prove(means_.database, [&](std::int64_t rows) { return sweep_.step(rows); });
    if (proof.stopped) return;
    for (const std::string& where : proof.wrong) wrong(Statement::ledger_balances, where);
    if (proof.wrong.empty()) report_.proved.push_back({Statement::ledger_balances, proof.postings});
  }

  std::int64_t count_of(std::string_view sql) {
    return *means_.database.read([&](store::Session& session) {
      return session.one(sql, {}, [](const store::Row& row) { return row.integer(0); });
    });
  }

  void check_timers() {
    const auto found = means_.database.read([](store::Session& session) {
      return timer::set_aside(session, static_cast<std::int64_t>(kCheckProblemsMax));
    });
    for (const timer::SetAside& each : found) {
      wrong(Statement::timers_fire,
            each.timer.kind + " " + std::to_string(each.timer.key) + " " + each.problem);
    }
    if (found.empty())
      report_.proved.push_back({Statement::timers_fire, count_of(sql::kCountTimers)});
  }

  // Customers whose names wait to be made searchable are left out.
  void check_terms() {
    const std::size_t before = report_.problems.size();
    std::int64_t checked = 0;
    base::CustomerId last;
    for (bool more = true; more && !over();) {
      means_.database.read([&](store::Session& session) {
        const auto slice = customer::check_terms(session, last, kTermsAtOnce);
        for (const base::CustomerId customer : slice.wrong) {
          wrong(Statement::terms_as_names, "c_" + std::to_string(customer.value));
        }
        checked += slice.customers;
        more = slice.last.has_value();
        if (more) last = *slice.last;
      });
      sweep_.step(kTermsAtOnce);
    }
    if (!sweep_.stopped() && report_.problems.size() == before) {
      report_.proved.push_back({Statement::terms_as_names, checked});
    }
  }

  void check_memory() {
    const ColumnsCheck columns = check_columns(means_.database, means_.log, means_.memory, sweep_);
    if (sweep_.stopped()) return;
    if (!columns.settled) {
      report_.unsettled.push_back(Statement::columns_as_log);
      return;
    }
    for (const base::CustomerId person : columns.differing) {
      wrong(Statement::columns_as_log, "c_" + std::to_string(person.value));
    }
    if (columns.differing.empty()) {
      report_.proved.push_back({Statement::columns_as_log, columns.events});
    }
  }

  std::vector<base::EventTypeId> change_types() {
    return means_.database.read([&](store::Session& session) {
      return timeline::ChangeTypes::of(session, *means_.log.catalog().of(session))->types();
    });
  }

  std::vector<base::CustomerId> persons() {
    std::vector<base::CustomerId> out;
    means_.database.read_whole([&](store::Session& session) {
      customer::each_customer(session, [&](const customer::Customer& customer) {
        if (customer.id == customer.person) out.push_back(customer.person);
      });
    });
    return out;
  }

  static std::string who(const timeline::History& history) {
    return "c_" + std::to_string(history.customer().value);
  }

  void check_attributes(store::Session& session, const timeline::History& history,
                        const std::vector<customer::Attribute>& attributes) {
    const auto current = customer::attributes_of(session, history.customer());
    for (const customer::Attribute& attribute : attributes) {
      const auto changes = history.attribute(attribute.id);
      const auto found =
          std::ranges::find(current, attribute.id, &customer::AttributeValue::attribute);
      const std::optional<base::Value> stored =
          found == current.end() ? std::nullopt : found->value;
      const std::optional<base::Value> told = changes.empty() ? std::nullopt : changes.back().value;
      if (stored != told) {
        wrong(Statement::attributes_as_history, who(history) + " " + attribute.name);
      }
    }
  }

  static bool on_at_last(const timeline::History& history, timeline::MembershipKey key) {
    const auto spans = history.membership(key);
    return !spans.empty() && spans.back().to == base::kMomentMax;
  }

  void check_tags(store::Session& session, const timeline::History& history,
                  const std::vector<customer::Tag>& tags) {
    const auto current = customer::tags_of(session, history.customer());
    for (const customer::Tag& tag : tags) {
      const bool stored = std::ranges::any_of(
          current, [&](const customer::TagOn& on) { return on.tag.id == tag.id; });
      if (stored != on_at_last(history, {MembershipKind::tag, tag.id.value})) {
        wrong(Statement::tags_as_history, who(history) + " " + tag.name);
      }
    }
  }

  void check_lists(store::Session& session, const timeline::History& history,
                   const std::vector<customer::StaticList>& lists) {
    const auto current = customer::lists_of(session, history.customer());
    for (const customer::StaticList& list : lists) {
      const bool stored = std::ranges::any_of(
          current, [&](const customer::ListOn& on) { return on.list.id == list.id; });
      if (stored != on_at_last(history, {MembershipKind::list, list.id.value})) {
        wrong(Statement::lists_as_history, who(history) + " " + list.name);
      }
    }
  }

  void check_consents(store::Session& session, const timeline::History& history) {
    for (const customer::Consent& consent : customer::consents_of(session, history.customer())) {
      if (consent.given != on_at_last(history, {MembershipKind::consent, consent.key})) {
        wrong(Statement::consents_as_history, who(history) + " " + consent.purpose);
      }
    }
  }

  const CheckMeans& means_;
  Sweep sweep_;
  CheckReport report_;
};

}  // namespace

std::string_view code_of(Statement statement) {
  switch (statement) {
    case Statement::events_have_customers:
      return "check.events_have_customers";
    case Statement::events_have_types:
      return "check.events_have_types";
    case Statement::events_have_sources:
      return "check.events_have_sources";
    case Statement::identities_have_customers:
      return "check.identities_have_customers";
    case Statement::values_have_customers:
      return "check.values_have_customers";
    case Statement::tags_have_customers:
      return "check.tags_have_customers";
    case Statement::lists_have_customers:
      return "check.lists_have_customers";
    case Statement::consents_have_customers:
      return "check.consents_have_customers";
    case Statement::aliases_have_survivors:
      return "check.aliases_have_survivors";
    case Statement::readers_within_log:
      return "check.readers_within_log";
    case Statement::erased_are_gone:
      return "check.erased_are_gone";
    case Statement::current_as_history:
      return "check.current_as_history";
    case Statement::attributes_as_history:
      return "check.attributes_as_history";
    case Statement::tags_as_history:
      return "check.tags_as_history";
    case Statement::lists_as_history:
      return "check.lists_as_history";
    case Statement::consents_as_history:
      return "check.consents_as_history";
    case Statement::orders_as_log:
      return "check.orders_as_log";
    case Statement::friendships_as_log:
      return "check.friendships_as_log";
    case Statement::ledger_balances:
      return "check.ledger_balances";
    case Statement::timers_fire:
      return "check.timers_fire";
    case Statement::terms_as_names:
      return "check.terms_as_names";
    case Statement::columns_as_log:
      return "check.columns_as_log";
  }
  base::unreachable();
}

CheckReport check(const CheckMeans& means) { return Checker(means).run(); }

}  // namespace server
