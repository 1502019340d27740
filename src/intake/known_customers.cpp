#include "intake/known_customers.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "log/batch.h"

namespace intake {
namespace {

constexpr std::string_view kCustomerKind = "customer";

}  // namespace

void KnownCustomers::prepare(const EventChunk& chunk) {
  while (fresh_.size() < chunk.customers.size()) fresh_.push_back({random_.id()});
}

base::Result<KnownCustomers::Found, KnownCustomers::Fault> KnownCustomers::find(
    customer::Writing& writing, event_log::Log& log, const EventChunk& chunk,
    const std::vector<bool>& wanted) const {
  store::Unit& unit = writing.unit();
  Found found;
  found.ids.resize(chunk.customers.size());
  const event_log::Position newest = log.newest(unit);
  found.keeps = unit.dialect() == store::Dialect::sqlite && !event_log::is_any_being_undone(unit);
  found.others_wrote = !found.keeps || newest != own_through_;
  found.own_after = found.others_wrote ? newest : own_after_;
  std::vector<std::string_view> keys;
  for (std::uint32_t i = 0; i < chunk.customers.size(); ++i) {
    if (!wanted[i]) continue;
    const auto kept = found.others_wrote ? ids_.end() : ids_.find(chunk.customers[i]);
    if (kept != ids_.end()) {
      found.ids[i] = kept->second;
    } else {
      found.asked.push_back(i);
      keys.push_back(chunk.customers[i]);
    }
  }
  if (found.asked.empty()) return found;
  const auto there = customer::find_by_keys(unit, keys);
  std::vector<std::uint32_t> missing;
  for (std::size_t i = 0; i < found.asked.size(); ++i) {
    if (there[i]) {
      found.ids[found.asked[i]] = there[i]->customer;
    } else {
      missing.push_back(found.asked[i]);
    }
  }
  // By key, so that two imports that make the same customers never wait for each other.
  std::ranges::sort(missing, {},
                    [&](std::uint32_t i) -> const std::string& { return chunk.customers[i]; });
  for (const std::uint32_t i : missing) {
    const customer::IdentityRef identity{kCustomerKind, chunk.customers[i]};
    const base::CustomerId fresh = fresh_[fresh_.size() - 1 - found.created.size()];
    auto made = customer::find_or_create(writing, identity, fresh, std::nullopt);
    if (!made) return base::unexpected(Fault{i, std::move(made.error())});
    found.ids[i] = made->found.customer;
    if (made->created) found.created.push_back(i);
  }
  return found;
}

void KnownCustomers::keep(const EventChunk& chunk, const Found& found,
                          const event_log::Position& last) {
  fresh_.resize(fresh_.size() - found.created.size());
  if (found.others_wrote || ids_.size() + found.asked.size() > kCustomersKeptMax) {
    ids_.clear();
  }
  own_after_ = found.keeps ? found.own_after : event_log::Position{};
  own_through_ = found.keeps ? last : event_log::Position{};
  if (!found.keeps) return;
  for (const std::uint32_t i : found.asked) ids_.try_emplace(chunk.customers[i], found.ids[i]);
}

}  // namespace intake
