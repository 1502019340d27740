// Whether the tables of friendships say what the log says. Repairs nothing: Friendships::rebuild()
// does.
//
//   log ── read again ──▶ facts = friend_fact, event by event (log/projection_proof.h)
//   friend_fact ── spans_of() ──▶ = friendship, customer by customer
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "account/friendship.h"

namespace account {

inline constexpr std::int64_t kProvedCustomersAtOnce = 5'000;
inline constexpr std::size_t kProofProblemsMax = 1000;  // further ones are not looked for

struct FriendshipProofMeans {
  store::Database& database;
  event_log::Log& log;
  Friendships& friendships;
  // After every slice, with the rows looked at; false: stop. Empty: nobody asks.
  std::function<bool(std::int64_t rows)> go_on = {};
};
struct FriendshipProof {
  std::int64_t facts = 0;          // in the log
  std::vector<std::string> wrong;  // "event <position>", "c_<id>"
  bool stopped = false;            // then the rest means nothing
};
FriendshipProof prove(const FriendshipProofMeans& means);

}  // namespace account
