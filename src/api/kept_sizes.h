// Sizes of audiences at past moments that have been counted, kept as long as they are true, so that
// a page that nothing has changed for is not counted again each time it is looked at.
//
// A size is true for one state of the log and one meaning of the rule: whatever is written, late
// events, merges, erasures and imports taken back too, moves the log, and what is kept of before is
// not answered. In memory alone, of kAudiencesKeptMax audiences at most, the one asked for the
// longest ago goes first. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/position.h"

namespace api {

inline constexpr std::size_t kAudiencesKeptMax = 100;
inline constexpr std::size_t kMomentsKeptMax = 1000;  // of one audience

// All that a size depends on but the moment.
struct SizesOf {
  base::AudienceId audience;
  std::string meaning;                     // the rule with all it nests and its zone, as a text
  std::vector<base::CustomerId> left_out;  // test accounts
  event_log::Position position;
  friend bool operator==(const SizesOf&, const SizesOf&) = default;
};
using Sizes = std::map<base::Moment, std::int64_t>;

class KeptSizes {
 public:
  // What is kept of just this; perhaps nothing.
  Sizes of(const SizesOf& asked);
  // Beside what is kept of the same; in place of what is kept of the audience otherwise.
  void keep(const SizesOf& of, const Sizes& sizes);

 private:
  struct Kept {
    SizesOf of;
    Sizes sizes;
    std::uint64_t asked = 0;  // when it was asked for last, by asked_
  };
  std::mutex mutex_;
  std::uint64_t asked_ = 0;                // under mutex_
  std::map<base::AudienceId, Kept> kept_;  // under mutex_
};

}  // namespace api
