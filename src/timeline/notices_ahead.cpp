#include "timeline/notices_ahead.h"

#include <algorithm>
#include <functional>
#include <variant>
#include <vector>

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
  std::vector<Notice> ahead = event_log::notices_after(session, std::max(scanned_, seen.position));
  // Newest first: one that holds up whatever was read covers all before it, however many.
  std::ranges::sort(ahead, std::greater{}, &Notice::position);
  for (const Notice& notice : ahead) {
    if (notice.position <= held_) break;
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
  const auto known = customer == nullptr ? last_.end() : last_.find(*customer);
  const bool is_known = known != last_.end();
  if (is_known && known->second >= notice.position) return;
  const bool is_too_much = !is_known && last_.size() >= kNoticesAheadMax;
  if (customer == nullptr || is_too_much || !customer::customer_with(session, *customer)) {
    held_ = notice.position;
    return;
  }
  last_.insert_or_assign(*customer, notice.position);
}

}  // namespace timeline
