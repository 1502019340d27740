// The demo goes on living: what happens to its people after it was made is told as it happens, as
// live events of the log.
//
// The brand has a time of its own. It goes as the clock does, or `speed` times as fast: what
// happens in an hour of the brand then happens in an hour ÷ speed, and carries the moment of the
// clock at which it happened. The clock itself, and with it every "in last 30d", is the real one.
//
//   clock   made ───────────── off ──┐         ┌── now
//   brand   made ─── told ────────── │ ─ gap ──│──── speed × ────▶
//                    (mark)          └─────────┘
//
// - Where it stands is a mark in the database (mark.h), moved in the unit that tells what lies up
// to
//   there: nothing is told twice and nothing left out, however the program ends.
// - While the demo was off the brand has gone on as the clock: that is told first, as history with
//   its own times (it starts nothing), at most kGapMax of it; what lies before that is never told.
//   The same after a pause of more than kPauseMax, as of a machine that slept.
// - A brand that ran faster is ahead of the clock. When it goes on at speed 1 what is left of the
//   hours up to the clock's time of day is told with the gap, so that people sleep at night again.
// - A clock that is set back by more than kBackMax: the brand goes on from where it stands. By
// less:
//   it waits.
// - Who was erased, or taken back with the brand's import, is left in peace, and so is who has got
//   the key of one of its people.
//
// The same demo and clock give the same events. One thread; borrows database and log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/moment.h"
#include "demo/mark.h"
#include "log/log.h"
#include "store/database.h"

namespace demo {

struct Happening;
class Ahead;

inline constexpr std::int64_t kSpeedMax = 10'000;
inline constexpr std::size_t kToldAtOnce = 500;  // in one unit, about
inline constexpr base::Duration kGapMax{60 * base::kDay.ms};
inline constexpr base::Duration kPauseMax{10 * base::kMinute.ms};
inline constexpr base::Duration kBackMax{5 * base::kMinute.ms};
inline constexpr base::Duration kLiveMax{base::kMinute.ms};  // older: it is told as history

class Living {
 public:
  // `speed`: 1 … kSpeedMax.
  Living(store::Database& database, event_log::Log& log, std::int64_t speed);
  ~Living();
  Living(const Living&) = delete;
  Living& operator=(const Living&) = delete;

  // Tells what has happened up to `now`, in one unit of about kToldAtOnce. Answers the moment of
  // what comes next, which may be past: there is more; nothing: there is no demo, one made by a
  // version that told other lives, or it has come to its end. To be called within kPauseMax, else
  // it takes itself for having been off. Throws store::Failure; it may be called again then.
  std::optional<base::Moment> step(base::Moment now);

 private:
  // Where a moment of the brand lies on the clock: up to `end` between two pairs, then by the
  // speed.
  struct Course {
    Lived gap;  // it begins
    Lived end;  // and ends, with the moment it was begun at
    std::int64_t speed = 1;
    base::Moment real_of(base::Moment brand) const;
  };

  bool is_on_course(base::Moment now) const;
  bool begin(base::Moment now);
  Course course_from(Lived lived, base::Moment now) const;
  std::vector<Happening> take_due(base::Moment now);
  bool is_live(base::Moment real, base::Moment now) const;
  void tell(std::vector<Happening> happenings, base::Moment now);

  store::Database& database_;
  event_log::Log& log_;
  std::int64_t speed_;
  bool begun_ = false;
  bool ended_ = false;
  base::Moment asked_at_;
  std::int64_t batch_ = 0;  // of the brand's import
  Lived stored_;
  Course course_;
  std::unique_ptr<Ahead> ahead_;
};

}  // namespace demo
