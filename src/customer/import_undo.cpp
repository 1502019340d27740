#include "customer/import_undo.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <map>
#include <memory>
#include <set>

#include "base/check.h"
#include "base/json.h"
#include "customer/attribute.h"
#include "customer/attribute_sql.h"
#include "customer/change.h"
#include "customer/consent.h"
#include "customer/consent_sql.h"
#include "customer/identity.h"
#include "customer/import_undo_sql.h"
#include "customer/merge.h"
#include "customer/name_index.h"
#include "customer/person.h"
#include "customer/static_list_sql.h"
#include "customer/tag_sql.h"
#include "log/log.h"
#include "log/rows.h"

namespace customer {
namespace {

enum class Thing : std::uint8_t { attribute, tag, list, consent };

struct ThingTable {
  Thing thing;
  std::string_view name;
  std::string_view refs_sql;  // $1 customer, $2 batch
  std::string_view drop_sql;
};
constexpr std::array<ThingTable, 4> kThings = {{
    {Thing::attribute, "attribute", sql::kAttributesByBatch, sql::kDropAttributesByBatch},
    {Thing::tag, "tag", sql::kTagsByBatch, sql::kDropTagsByBatch},
    {Thing::list, "list", sql::kListsByBatch, sql::kDropListsByBatch},
    {Thing::consent, "consent", sql::kConsentsByBatch, sql::kDropConsentsByBatch},
}};

std::optional<Thing> thing_of(std::string_view event) {
  if (event == "attribute_changed") return Thing::attribute;
  if (event.starts_with("tag_")) return Thing::tag;
  if (event.starts_with("list_")) return Thing::list;
  if (event.starts_with("consent_")) return Thing::consent;
  return std::nullopt;
}

// A change as it stands in the log.
struct Logged {
  std::string event;
  Stamp stamp;
  std::int64_t source = 0;
  std::optional<std::int64_t> batch;
  boost::json::object properties;

  std::int64_t ref() const {
    const auto* value = properties.if_contains("ref");
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
  }
  std::optional<std::string> text(std::string_view name) const {
    const auto* value = properties.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->get_string());
  }
};

using Key = std::pair<Thing, std::int64_t>;

boost::json::object object_from(std::string_view properties) {
  const auto value = base::parse_stored_json(properties);
  if (!value || !value->is_object()) return {};
  return value->get_object();
}

using Changes = std::map<Key, Logged>;  // the last of each thing
using ChangesOf = std::map<base::CustomerId, Changes>;

// The events that change what is kept of a customer.
constexpr std::array<std::string_view, 7> kChangeEvents = {
    "attribute_changed", "tag_added",     "tag_removed",      "list_joined",
    "list_left",         "consent_given", "consent_withdrawn"};
// Those that are no word about the customer they are written on.
constexpr std::array<std::string_view, 2> kMergeEvents = {"customers_merged", "customers_unmerged"};

std::vector<base::EventTypeId> types_named(const event_log::EventTypes& types,
                                           std::span<const std::string_view> names) {
  std::vector<base::EventTypeId> ids;
  for (const std::string_view name : names) {
    const event_log::EventType* type = types.find(name);
    CHECK(type != nullptr);  // of the standard vocabulary
    ids.push_back(type->id);
  }
  return ids;
}

// The last changes of each customer among the events.
ChangesOf last_changes(const event_log::EventTypes& types, std::vector<event_log::Event> events) {
  std::ranges::sort(
      events, {}, [](const event_log::Event& event) { return Stamp{event.time, event.position}; });
  ChangesOf last;
  for (const event_log::Event& event : events) {
    const event_log::EventType* type = types.find(event.type);
    CHECK(type != nullptr);
    const auto thing = thing_of(type->name);
    CHECK(thing);
    Logged logged{type->name,
                  {event.time, event.position},
                  event.source,
                  event.batch ? std::optional(event.batch->value) : std::nullopt,
                  object_from(event.properties)};
    const Key key{*thing, logged.ref()};
    last[event.customer].insert_or_assign(key, std::move(logged));
  }
  return last;
}

// Reads of the log for some customers at once.
class Past {
 public:
  Past(store::Session& session, event_log::Log& log)
      : session_(session), log_(log), types_(log.catalog().of(session)) {}

  std::vector<base::EventTypeId> change_types() const {
    return types_named(*types_, kChangeEvents);
  }
  // What is left in history.
  ChangesOf left(std::span<const base::CustomerId> customers) const {
    return last_changes(
        *types_, event_log::rows_of(session_, log_.customer_rows(), customers, change_types()));
  }
  // What the batch has changed, whether or not it is void by now.
  ChangesOf by_batch(const event_log::BatchPart& part) const {
    auto events = event_log::rows_with(session_, part.rows);
    const auto types = change_types();
    std::erase_if(events, [&](const event_log::Event& event) {
      return event.batch != part.batch || event.properties == kBlank ||
             std::ranges::find(types, event.type) == types.end();
    });
    return last_changes(*types_, std::move(events));
  }
  // Those of the customers of whom somebody else than the batch has said something.
  std::set<base::CustomerId> written_by_others(base::BatchId batch,
                                               std::span<const base::CustomerId> customers) const {
    const auto merges = types_named(*types_, kMergeEvents);
    std::set<base::CustomerId> found;
    for (const auto& event : event_log::rows_of(session_, log_.customer_rows(), customers)) {
      const bool merge = std::ranges::find(merges, event.type) != merges.end();
      if (!merge && event.batch != batch) found.insert(event.customer);
    }
    return found;
  }

 private:
  static constexpr std::string_view kBlank = "{}";  // a void row

  store::Session& session_;
  event_log::Log& log_;
  std::shared_ptr<const event_log::EventTypes> types_;
};

// Writes current rows back from the log.
class FallBack {
 public:
  FallBack(store::Unit& unit, event_log::Log& log, base::CustomerId customer)
      : unit_(unit), log_(log), customer_(customer) {}

  void write(Thing thing, const Logged& logged) {
    const std::string source = log_.source_name(unit_, logged.source);
    const std::string by = logged.text("by").value_or(std::string());
    const auto& [since, position] = logged.stamp;
    const store::Param batch = store::param(logged.batch);
    const std::int64_t ref = logged.ref();
    const auto membership = [&](std::string_view set_sql, std::string_view on_event) {
      unit_.execute(set_sql,
                    {customer_.value, ref, std::int64_t{logged.event == on_event}, since.ms,
                     position.epoch, position.transaction, position.sequence, source, by, batch});
    };
    switch (thing) {
      case Thing::attribute: {
        const auto value = logged.text("to");
        const auto raw = logged.text("raw");
        const auto param = [](const std::optional<std::string>& text) {
          return text ? store::Param(std::string_view(*text)) : store::Param(std::monostate{});
        };
        unit_.execute(sql::kSetAttributeValue,
                      {customer_.value, ref, param(value), param(raw), since.ms, position.epoch,
                       position.transaction, position.sequence, source, by, batch});
        return;
      }
      case Thing::tag:
        return membership(sql::kSetTag, "tag_added");
      case Thing::list:
        return membership(sql::kSetList, "list_joined");
      case Thing::consent: {
        const auto text = [&](std::string_view name) {
          return logged.text(name).value_or(std::string());
        };
        const std::string how = text("how");
        const std::string wording = text("wording");
        const std::string proof = text("proof");
        unit_.execute(sql::kSetConsent,
                      {customer_.value, ref, std::int64_t{logged.event == "consent_given"}, how,
                       wording, proof, since.ms, position.epoch, position.transaction,
                       position.sequence, source, by, batch});
        return;
      }
    }
    base::unreachable();
  }

 private:
  store::Unit& unit_;
  event_log::Log& log_;
  base::CustomerId customer_;
};

std::set<Key> refs_by_batch(store::Session& session, base::BatchId batch,
                            base::CustomerId customer) {
  std::set<Key> refs;
  for (const ThingTable& table : kThings) {
    session.query(table.refs_sql, {customer.value, batch.value},
                  [&](const store::Row& row) { refs.insert({table.thing, row.integer(0)}); });
  }
  return refs;
}

enum class Maker : std::uint8_t { batch, batch_gone, others };  // gone: taken back, and kept them

Maker maker_of(store::Session& session, base::BatchId batch, base::CustomerId customer) {
  const auto maker = session.one(sql::kBatchOfCustomer, {customer.value}, [&](const auto& row) {
    if (row.optional_integer(0) == batch.value) return Maker::batch;
    const auto state = static_cast<event_log::BatchState>(row.integer(1));
    return state == event_log::BatchState::undone ? Maker::batch_gone : Maker::others;
  });
  return maker.value_or(Maker::others);
}

// Merged by hand, or known by an identity that others have given it.
bool is_held(store::Session& session, base::BatchId batch, base::CustomerId customer) {
  return session
      .one(sql::kIsHeld, {customer.value, batch.value}, [](const store::Row&) { return true; })
      .value_or(false);
}

// The customers the batch has made, and those that imports before it made and only it still keeps.
using Made = std::map<base::CustomerId, Maker>;
Made made_of(store::Session& session, const event_log::BatchPart& part) {
  Made made;
  for (const base::CustomerId customer : part.customers) {
    const Maker maker = maker_of(session, part.batch, customer);
    if (maker != Maker::others) made.emplace(customer, maker);
  }
  return made;
}

std::vector<base::CustomerId> customers_of(const Made& made) {
  std::vector<base::CustomerId> customers;
  for (const auto& [customer, maker] : made) customers.push_back(customer);
  return customers;
}

// What the batch changed and somebody else has changed since. Told from the log alone, so that the
// answer is the same when a stopped undo goes on.
void add_changed_since(const Past& past, const event_log::BatchPart& part,
                       std::vector<event_log::BuiltUpon>& found) {
  const ChangesOf by_batch = past.by_batch(part);
  std::vector<base::CustomerId> changed;
  for (const auto& [customer, changes] : by_batch) changed.push_back(customer);
  const ChangesOf left = past.left(changed);
  for (const auto& [customer, changes] : by_batch) {
    const auto of_customer = left.find(customer);
    if (of_customer == left.end()) continue;
    for (const auto& [key, logged] : changes) {
      const auto last = of_customer->second.find(key);
      if (last == of_customer->second.end() || last->second.stamp <= logged.stamp) continue;
      const auto at = std::ranges::find(kThings, key.first, &ThingTable::thing);
      found.push_back({std::string(at->name), customer, logged.text("changed").value_or("")});
    }
  }
}

// What take_back needs to know of the log, read once for all its customers.
struct Facts {
  ChangesOf left;
  Made made;
  std::set<base::CustomerId> written_by_others;
};

void fall_back(Writing& writing, base::BatchId batch, base::CustomerId customer,
               const Changes* left) {
  store::Unit& unit = writing.unit();
  const std::set<Key> refs = refs_by_batch(unit, batch, customer);
  if (refs.empty()) return;
  for (const ThingTable& table : kThings) {
    unit.execute(table.drop_sql, {customer.value, batch.value});
  }
  FallBack fall_back(unit, writing.log(), customer);
  for (const Key& key : refs) {
    if (left == nullptr) continue;
    const auto last = left->find(key);
    if (last != left->end()) fall_back.write(key.first, last->second);
  }
  const auto is_attribute = [](const Key& key) { return key.first == Thing::attribute; };
  if (std::ranges::any_of(refs, is_attribute)) index_names(unit, customer);
}

void drop_identities(store::Unit& unit, base::BatchId batch, base::CustomerId customer) {
  if (unit.execute(sql::kDropIdentitiesByBatch, {customer.value, batch.value}) == 0) return;
  raise_identity_version(unit);
}

void take_back_from(Writing& writing, base::BatchId batch, base::CustomerId customer,
                    const Facts& known) {
  store::Unit& unit = writing.unit();
  std::vector<base::CustomerId> merged;
  unit.query(sql::kAliasesByBatch, {batch.value, customer.value},
             [&](const store::Row& row) { merged.push_back({row.integer(0)}); });
  for (const base::CustomerId gone : merged) cut_alias(writing, gone);

  const auto left = known.left.find(customer);
  fall_back(writing, batch, customer, left == known.left.end() ? nullptr : &left->second);

  const auto made = known.made.find(customer);
  const bool is_made = made != known.made.end();
  if (is_made && !known.written_by_others.contains(customer) && !is_held(unit, batch, customer)) {
    if (unit.execute(sql::kDropIdentitiesOf, {customer.value}) > 0) raise_identity_version(unit);
    unit.execute(sql::kDropTestAccount, {customer.value});
    unit.execute(sql::kDropCustomer, {customer.value});
    unit.execute(sql::kDropReviewsOf, {customer.value});
    tell_persons_changed(writing, {customer});
  } else if (!is_made || made->second == Maker::batch_gone) {
    drop_identities(unit, batch, customer);
  }
}

}  // namespace

std::vector<base::EventTypeId> ImportUndo::types(store::Session& session) const {
  return Past(session, log_).change_types();
}

std::vector<event_log::BuiltUpon> ImportUndo::built_upon(store::Session& session,
                                                         const event_log::BatchPart& part) const {
  std::vector<event_log::BuiltUpon> found;
  const Past past(session, log_);
  add_changed_since(past, part, found);
  const auto made = customers_of(made_of(session, part));
  const auto written_by_others = past.written_by_others(part.batch, made);
  for (const base::CustomerId customer : made) {
    if (written_by_others.contains(customer) || is_held(session, part.batch, customer)) {
      found.push_back({"customer", customer, ""});
    }
  }
  std::ranges::stable_sort(found, {}, &event_log::BuiltUpon::customer);
  return found;
}

void ImportUndo::take_back(store::Unit& unit, const event_log::BatchPart& part) {
  Writing writing(unit, log_, options_);
  lock_removals(writing);
  lock_merges(writing);
  std::vector<store::LockKey> locks;
  for (const base::CustomerId customer : part.customers) {
    const auto known = customer_with(unit, customer);
    if (known) locks.push_back(store::lock_key(known->person));
  }
  unit.lock(std::move(locks));
  std::vector<base::CustomerId> there;  // the others are erased since, or gone already
  for (const base::CustomerId customer : part.customers) {
    if (writing.lock(customer)) there.push_back(customer);
  }
  const Past past(unit, log_);
  Made made = made_of(unit, {part.batch, there, part.rows});
  const auto written = past.written_by_others(part.batch, customers_of(made));
  const Facts known{past.left(there), std::move(made), written};
  for (const base::CustomerId customer : there) {
    take_back_from(writing, part.batch, customer, known);
  }
  unit.execute(sql::kDropOpenReviews, {part.batch.value});
}

}  // namespace customer
