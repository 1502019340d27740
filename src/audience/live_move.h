// Who came into a state of a live subject and who left it, as recorded in the last kMovesKept: the
// records of live_event.h once more, found by subject and moment, which the log has no index for.
//
// Written in the unit of the records (LiveEngine::record). A move is of a customer as written; an
// erased one has none. Part of the caller's unit or read. Throws store::Failure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audience/live_subject.h"
#include "base/id.h"
#include "base/moment.h"
#include "store/database.h"

namespace audience {

inline constexpr base::Duration kMovesKept{400 * base::kDay.ms};
inline constexpr std::int64_t kMovesForgottenAtOnce = 2000;  // of a subject, in one unit

struct LiveMove {
  SubjectId subject;
  std::int64_t record = 0;
  base::CustomerId customer;
  base::Moment at;
  base::Moment recorded_at;
  std::string from;  // names of states: "in" and "out", or keys of stages
  std::string to;
  bool corrected = false;  // it put right what was recorded
};
void put_moves(store::Unit& unit, std::span<const LiveMove> moves);

struct MoveMark {
  base::Moment at;
  std::int64_t record = 0;
};
struct MovesWanted {
  base::Moment from = base::kMomentMin;
  MoveMark before = {base::kMomentMax, 0};  // none at or behind it
  std::string to = {};                      // into this state only; "": any
  std::int64_t rows = 0;                    // at most
};
// The latest first.
std::vector<LiveMove> moves_of(store::Session& session, SubjectId id, const MovesWanted& wanted);
// Of these customers alone, from a moment on; in no order.
std::vector<LiveMove> moves_of_customers(store::Session& session, SubjectId id,
                                         std::span<const base::CustomerId> customers,
                                         base::Moment from);

// Forgets moves before a moment, kMovesForgottenAtOnce of each subject. False: there were no more.
bool forget_moves(store::Unit& unit, base::Moment before);

// Erasing a person: the rows of these customers go, in the unit of the erasure.
void erase_moves(store::Unit& unit, std::span<const base::CustomerId> customers);
// After people of a restored backup were erased again.
void erase_moves_of_nobody(store::Unit& unit);

}  // namespace audience
