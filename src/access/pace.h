// How often public keys may be used: a bucket per key and one per key and network, each refilled
// evenly and full at first. Kept in memory, of this process and this run only.
//
// Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "access/attempt.h"
#include "base/id.h"
#include "base/moment.h"

namespace rights {

inline constexpr std::int64_t kPublicCallsAMinuteMax = 300;       // of a key from one network
inline constexpr std::int64_t kPublicKeyCallsAMinuteMax = 6'000;  // of a key from everywhere
inline constexpr std::size_t kPaceBucketsMax = 20'000;            // some 3 MB

struct PublicCall {
  base::KeyId key;
  PeerAddress from;  // counts as its network (network_of)
  base::Moment now;
};

class Pace {
 public:
  // Nothing: go on. Else how long to wait; a call refused costs nothing. Beyond kPaceBucketsMax
  // networks at once new ones wait, too.
  std::optional<base::Duration> take(const PublicCall& call);

 private:
  struct Bucket {
    base::Moment full_at;  // when it will have been refilled
  };
  // What is full again tells nothing that a new bucket would not.
  void forget_full(base::Moment now);

  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace rights
