#include "intake/known_customers.h"

#include <algorithm>
#include <span>
#include <utility>

#include "intake/customer_key.h"
#include "log/batch.h"
#include "log/rows.h"

namespace intake {
namespace {

using Resolved = base::Result<std::vector<customer::Resolved>, customer::KeyError>;

// Those named by an identity of another kind come after the customer keys, one by one and in one
// order for everybody, so that two imports wait for each other only once.
Resolved find_or_create(customer::Writing& writing, std::span<const customer::NewKey> keys) {
  std::vector<std::size_t> plain;
  std::vector<std::size_t> others;
  std::vector<customer::NewKey> plain_keys;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (is_key(keys[i].key)) {
      plain.push_back(i);
      plain_keys.push_back(keys[i]);
    } else {
      others.push_back(i);
    }
  }
  auto found = customer::find_or_create_keys(writing, plain_keys);
  if (others.empty()) return found;
  if (!found) {
    found.error().index = plain[found.error().index];
    return found;
  }
  std::vector<customer::Resolved> all(keys.size());
  for (std::size_t i = 0; i < plain.size(); ++i) all[plain[i]] = (*found)[i];
  std::ranges::sort(others, {}, [&](std::size_t i) { return keys[i].key; });
  for (const std::size_t i : others) {
    auto made =
        customer::find_or_create(writing, identity_of(keys[i].key), keys[i].fresh, std::nullopt);
    if (!made) return base::unexpected(customer::KeyError{i, std::move(made.error())});
    all[i] = *made;
  }
  return all;
}

}  // namespace

void KnownCustomers::prepare(const EventChunk& chunk) {
  while (fresh_.size() < chunk.customers.size()) fresh_.push_back(fresh_ids_.next());
}

void KnownCustomers::find_own_rows(customer::Writing& writing, const event_log::Log& log,
                                   Found& found) const {
  store::Unit& unit = writing.unit();
  if (unit.dialect() == store::Dialect::sqlite) {
    found.own_through = log.newest(unit);
    found.keeps = !event_log::is_any_being_undone(unit);
    found.others_wrote = !found.keeps || found.own_through != own_through_;
    found.own_after = found.others_wrote ? found.own_through : own_after_;
    return;
  }
  found.own_through = log.head(unit);
  const bool is_own =
      own_through_ != event_log::Position{} &&
      event_log::are_own_rows(unit, {writing.batch(), own_through_, found.own_through});
  found.own_after = is_own ? own_after_ : found.own_through;
}

base::Result<KnownCustomers::Found, KnownCustomers::Fault> KnownCustomers::find(
    customer::Writing& writing, event_log::Log& log, const EventChunk& chunk,
    const std::vector<bool>& wanted) const {
  Found found;
  found.ids.resize(chunk.customers.size());
  find_own_rows(writing, log, found);
  std::vector<customer::NewKey> keys;
  for (std::uint32_t i = 0; i < chunk.customers.size(); ++i) {
    if (!wanted[i]) continue;
    const auto kept = found.others_wrote ? ids_.end() : ids_.find(chunk.customers[i]);
    if (kept != ids_.end()) {
      found.ids[i] = kept->second;
    } else {
      keys.push_back({chunk.customers[i], fresh_[keys.size()]});
      found.asked.push_back(i);
    }
  }
  if (keys.empty()) return found;
  auto resolved = find_or_create(writing, keys);
  if (!resolved) {
    const std::uint32_t key = found.asked[resolved.error().index];
    return base::unexpected(Fault{key, std::move(resolved.error().error)});
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const customer::Resolved& each = (*resolved)[i];
    found.ids[found.asked[i]] = each.found.customer;
    if (each.created) found.created.push_back(static_cast<std::uint32_t>(i));
  }
  return found;
}

void KnownCustomers::keep(const EventChunk& chunk, const Found& found,
                          const event_log::Position& last) {
  for (auto spent = found.created.rbegin(); spent != found.created.rend(); ++spent) {
    fresh_[*spent] = fresh_.back();
    fresh_.pop_back();
  }
  own_after_ = found.own_after;
  own_through_ = found.keeps ? last : found.own_through;
  if (found.others_wrote || ids_.size() + found.asked.size() > kCustomersKeptMax) {
    ids_.clear();
  }
  if (!found.keeps) return;
  for (const std::uint32_t i : found.asked) ids_.try_emplace(chunk.customers[i], found.ids[i]);
}

}  // namespace intake
