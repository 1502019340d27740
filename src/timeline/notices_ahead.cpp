#include "timeline/notices_ahead.h"

#include <algorithm>
#include <variant>

#include "customer/person.h"

namespace timeline {

using base::CustomerId;
using event_log::Notice;
using event_log::Position;

void NoticesAhead::look(store::Session& session, const Seen& seen) {
  if (seen.position >= seen.newest) {
    last_.clear();
    scanned_ = seen.position;
    return;
  }
  for (const Notice& notice :
       event_log::notices_after(session, std::max(scanned_, seen.position))) {
    note(session, notice);
  }
  // Between the head and the newest more may come.
  scanned_ = std::max(scanned_, seen.head);
  for (const CustomerId customer : seen.looked_up) {
    const auto found = last_.find(customer);
    if (found != last_.end()) held_ = std::max(held_, found->second);
  }
}

void NoticesAhead::note(store::Session& session, const Notice& notice) {
  const auto* customer = std::get_if<CustomerId>(&notice.subject);
  const bool is_known = customer != nullptr && last_.contains(*customer);
  const bool is_too_much = !is_known && last_.size() >= kNoticesAheadMax;
  if (customer == nullptr || is_too_much || !customer::customer_with(session, *customer)) {
    held_ = std::max(held_, notice.position);
    return;
  }
  Position& last = last_[*customer];
  last = std::max(last, notice.position);
}

}  // namespace timeline
