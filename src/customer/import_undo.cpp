#include "customer/import_undo.h"

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <map>
#include <set>

#include "base/check.h"
#include "base/json.h"
#include "customer/attribute.h"
#include "customer/attribute_sql.h"
#include "customer/change.h"
#include "customer/consent.h"
#include "customer/consent_sql.h"
#include "customer/import_undo_sql.h"
#include "customer/merge.h"
#include "customer/person.h"
#include "customer/static_list_sql.h"
#include "customer/tag_sql.h"
#include "log/log.h"

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

// The last change of each thing of the customer that is left in history.
std::map<Key, Logged> last_changes(store::Session& session, base::CustomerId customer) {
  std::map<Key, Logged> last;
  session.query(sql::kChangesLeft, {customer.value}, [&](const store::Row& row) {
    const auto thing = thing_of(row.text(0));
    CHECK(thing);
    Logged logged{std::string(row.text(0)), stamp_at(row, 1), row.integer(5),
                  row.optional_integer(6), object_from(row.text(7))};
    const Key key{*thing, logged.ref()};
    last.insert_or_assign(key, std::move(logged));
  });
  return last;
}

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

bool made_by(store::Session& session, base::BatchId batch, base::CustomerId customer) {
  const auto by = session.one(sql::kBatchOfCustomer, {customer.value}, [](const store::Row& row) {
    return row.optional_integer(0).value_or(0);
  });
  return by == batch.value;
}

bool stands_on_its_own(store::Session& session, base::BatchId batch, base::CustomerId customer) {
  return session
      .one(sql::kStandsOnItsOwn, {customer.value, batch.value},
           [](const store::Row&) { return true; })
      .value_or(false);
}

// What the batch changed on one customer and somebody else has changed since. Told from the log
// alone, so that the answer is the same when a stopped undo goes on.
void add_changed_since(store::Session& session, base::BatchId batch, base::CustomerId customer,
                       std::vector<event_log::BuiltUpon>& found) {
  std::map<Key, Logged> by_batch;  // the last change of each thing
  session.query(sql::kChangedByBatch, {customer.value, batch.value}, [&](const store::Row& row) {
    const auto thing = thing_of(row.text(0));
    CHECK(thing);
    Logged logged{{}, stamp_at(row, 1), 0, {}, object_from(row.text(5))};
    const Key key{*thing, logged.ref()};
    by_batch.insert_or_assign(key, std::move(logged));
  });
  if (by_batch.empty()) return;
  const auto left = last_changes(session, customer);
  for (const auto& [key, logged] : by_batch) {
    const auto last = left.find(key);
    if (last == left.end() || last->second.stamp <= logged.stamp) continue;
    const auto at = std::ranges::find(kThings, key.first, &ThingTable::thing);
    found.push_back({std::string(at->name), customer, logged.text("changed").value_or("")});
  }
}

}  // namespace

std::vector<event_log::BuiltUpon> ImportUndo::built_upon(
    store::Session& session, base::BatchId batch,
    std::span<const base::CustomerId> customers) const {
  std::vector<event_log::BuiltUpon> found;
  for (const base::CustomerId customer : customers) {
    add_changed_since(session, batch, customer, found);
    if (made_by(session, batch, customer) && stands_on_its_own(session, batch, customer)) {
      found.push_back({"customer", customer, "others have written to this customer since"});
    }
  }
  return found;
}

void ImportUndo::take_back(store::Unit& unit, base::BatchId batch,
                           std::span<const base::CustomerId> customers) {
  Writing writing(unit, log_, options_);
  lock_merges(writing);
  std::vector<store::LockKey> locks;
  for (const base::CustomerId customer : customers) {
    const auto known = customer_with(unit, customer);
    if (known) locks.push_back(store::lock_key(known->person));
  }
  unit.lock(std::move(locks));
  for (const base::CustomerId customer : customers) {
    if (!writing.lock(customer)) continue;  // erased since, or gone already
    take_back_from(writing, batch, customer);
  }
}

void ImportUndo::take_back_from(Writing& writing, base::BatchId batch, base::CustomerId customer) {
  store::Unit& unit = writing.unit();
  std::vector<base::CustomerId> merged;
  unit.query(sql::kAliasesByBatch, {batch.value, customer.value},
             [&](const store::Row& row) { merged.push_back({row.integer(0)}); });
  for (const base::CustomerId gone : merged) cut_alias(writing, gone);

  const std::set<Key> refs = refs_by_batch(unit, batch, customer);
  if (!refs.empty()) {
    const auto last = last_changes(unit, customer);
    for (const ThingTable& table : kThings) {
      unit.execute(table.drop_sql, {customer.value, batch.value});
    }
    FallBack fall_back(unit, log_, customer);
    for (const Key& key : refs) {
      const auto left = last.find(key);
      if (left != last.end()) fall_back.write(key.first, left->second);
    }
  }

  if (!made_by(unit, batch, customer)) {
    unit.execute(sql::kDropIdentitiesByBatch, {customer.value, batch.value});
  } else if (!stands_on_its_own(unit, batch, customer)) {
    unit.execute(sql::kDropIdentitiesByBatch, {customer.value, batch.value});
    unit.execute(sql::kDropCustomer, {customer.value});
    tell_persons_changed(writing, {customer});
  }
}

}  // namespace customer
