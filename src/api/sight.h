// Whom a user sees who does not see all: the Viewer of a request.
//
// Found for every request from what is committed when it comes: assignments, staff and stores
// from their tables, over merged persons; friendships from those that follow the log, the attribute
// kStoreAttribute from the memory: both must have everything that was committed when they were
// asked (else 503, api.position_not_reached). So
// whoever is taken from somebody is gone from the next answer; an answer that is being made keeps
// the set it began with.
//
// Cost: one query over the assignments (about 1 µs each), 8 bytes a person. Who belongs to stores
// by the attribute is one question of everybody, asked anew when the log has moved and kSightKept
// after it was asked (a change whose time was still to come is seen that much late). One is asked
// at a time, with as many threads as there are, and answers all who wait for the same; who has to
// wait longer than kSightPatience is refused. What is asked with the set is and-ed with it, never
// person by person in SQL.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "access/user.h"
#include "access/viewer.h"
#include "base/id.h"
#include "base/moment.h"
#include "log/position.h"
#include "net/http.h"

namespace api {

struct Services;

// Whose friend somebody is follows the log: waits until it has what is committed now. Refuses what
// takes too long. Not inside a read or unit.
void await_friendships(Services& services);

inline constexpr base::Duration kSightKept{base::kSecond.ms};
inline constexpr base::Duration kSightPatience{5 * base::kSecond.ms};
inline constexpr std::size_t kSightPersonsMax = 2'000'000;  // kept, over all stores

// Any thread.
class Sights {
 public:
  // Of a user whose scope is not all. Not inside a read or unit. Refuses who has gone meanwhile.
  rights::CustomerSet of(Services& services, const rights::User& user, const net::Request& request);

 private:
  using Words = std::vector<std::string>;
  using Persons = std::shared_ptr<const std::vector<base::CustomerId>>;
  struct Kept {
    event_log::Position position;
    base::Moment at;
    Persons persons;
    std::uint64_t used = 0;  // when it was answered last, by used_
  };

  Persons by_attribute(Services& services, const Words& words, const net::Request& request);
  // Null: nothing that has all up to the position. Requires the lock.
  Persons kept(const Words& words, const event_log::Position& position, base::Moment now);
  void keep(const Words& words, Kept found);
  void end_asking();

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool asking_ = false;         // under mutex_
  std::uint64_t used_ = 0;      // under mutex_
  std::map<Words, Kept> kept_;  // under mutex_
};

}  // namespace api
