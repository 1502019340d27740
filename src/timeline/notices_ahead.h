// Until where a follower that reads the log in several reads may not publish, because what it has
// seen is newer than where it stands.
//
// A read sees the database as it is then: rows of a person who was erased, or of an import that was
// taken back, are missing in it, and customers are whose they became, also where that happened
// behind the head the follower is reading up to. The log tells each of these by a notice
// (log/notice.h). So whatever was read is of one moment again as soon as the follower has come to
// the last notice that concerns it:
//
//   an import taken back, a customer who is gone     whatever was read
//   a customer who is somebody else                  where the read looked that customer up
//
// Notices that concern nothing that was read do not hold anything up, so somebody who writes them
// all the time does not keep a follower from publishing.
// Those who are gone concern whatever was read: while erasures keep coming, a follower that is
// behind by more than one read publishes nothing until it has come to the head. There it does: what
// one read saw is of one moment.
//
// Memory: 50 bytes for each customer in notices ahead, up to kNoticesAheadMax. One thread.
#pragma once

#include <cstddef>
#include <span>
#include <unordered_map>

#include "base/id.h"
#include "log/notice.h"
#include "log/position.h"
#include "store/database.h"

namespace timeline {

// Beyond, every further one holds the follower up. Each asks the database once, and all of them are
// asked in one read.
inline constexpr std::size_t kNoticesAheadMax = 10'000;

class NoticesAhead {
 public:
  // After every read, in its session: up to where it read, where the log ended for it, and whom it
  // looked up. Reads what the log has in between, each stretch once.
  struct Seen {
    event_log::Position position;
    event_log::Position head;    // Log::head
    event_log::Position newest;  // Log::newest
    std::span<const base::CustomerId> looked_up;
  };
  void look(store::Session& session, const Seen& seen);

  // Whether what was read up to here is of one moment.
  bool is_one_moment(const event_log::Position& position) const { return held_ <= position; }

 private:
  void note(store::Session& session, const event_log::Notice& notice);

  event_log::Position held_;
  event_log::Position scanned_;
  std::unordered_map<base::CustomerId, event_log::Position> last_;  // of a customer; ahead
};

}  // namespace timeline
