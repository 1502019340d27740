#include "timeline/column_follower.h"

#include <malloc.h>

#include <algorithm>

#include "base/check.h"
#include "base/diagnostics.h"
#include "customer/person.h"
#include "log/notice.h"
#include "timeline/log_mark.h"
#include "timeline/snapshot.h"

namespace timeline {

using base::CustomerId;
using event_log::Position;
using Clock = std::chrono::steady_clock;

namespace {

// How often the log is looked at for what other processes commit.
constexpr base::Duration kLookEvery{100};
constexpr base::Duration kAskEvery{10};  // the same, while somebody waits and nobody follows
constexpr std::chrono::seconds kRetryAfter{1};
// What has arrived may take as much again as this part of what lies in blocks, or as
// MemoryOptions says; then every block is folded that has grown by half that part. So an event is
// rewritten some 16 times at most, and the rest is below the half.
constexpr std::int64_t kArrivedPart = 8;
constexpr std::size_t kGrowthToFold = 16;
constexpr std::size_t kUnfoldedAtOpenMax = 100'000;  // events
// Heads of the log that are noted while it is read up to the first of them. Beyond, the last is
// replaced: what is published at once grows.
constexpr std::size_t kUnitEndsMax = 1000;
// When it is quiet after so many blocks were folded, free memory goes back to the machine.
constexpr std::size_t kFoldedToGiveBack = 64;

std::chrono::milliseconds milliseconds(base::Duration duration) {
  return std::chrono::milliseconds(duration.ms);
}

}  // namespace

// --- reading

void ColumnHistories::Follower::open(
    const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::lock_guard lock(writing_);
  const std::int64_t expected =
      database_.read([&](store::Session& session) { return log_.head(session).sequence; });
  if (!open_snapshot()) {
    follower_.emplace(LogFollower::Means{log_, store_, *positions_});
    const auto begin = [&](store::Session& session) { return follower_->begin(session); };
    while (database_.read(begin)) {
    }
  }
  const auto tell = [&] {
    if (progress) progress(follower_->events_read(), expected);
  };
  std::int64_t read = 0;
  do {  // others may have written meanwhile
    read = follower_->events_read();
    read_all(tell, {});
  } while (follower_->events_read() - read > event_log::kReadEventsMax);
  // On PostgreSQL, behind a unit that is still running: nobody has seen anything else.
  if (!is_one_moment()) tell_whole();
  // What has arrived is slow to look rows up in, and nobody folds it for a command.
  if (store_.delta_events() > kUnfoldedAtOpenMax) folding_.grown_by(kPartToFold);
  opened_ = true;
}

bool ColumnHistories::Follower::open_snapshot() {
  if (options_.snapshot.empty()) return false;
  const auto check = [&](const LogMark& mark) {
    return database_.read(
        [&](store::Session& session) { return fault_of(session, log_.id(), mark); });
  };
  auto snapshot = timeline::open_snapshot(options_.snapshot, check, pool_);
  if (!snapshot) {
    not_from_ = code_of(snapshot.error());
    // Whoever was erased since it was written is in it, and this memory will not learn of them.
    somebody_went_ = snapshot.error() != SnapshotFault::missing &&
                     snapshot.error() != SnapshotFault::foreign_log;  // not ours to remove
    return false;
  }
  positions_ = std::move(snapshot->positions);
  follower_.emplace(LogFollower::Means{log_, store_, *positions_});
  follower_->resume(snapshot->mark.position, snapshot->origins);
  store_.load(std::move(snapshot->blocks), snapshot->customers, snapshot->mark.position);
  opened_from_ = "snapshot";
  is_mapped_ = true;
  events_at_snapshot_ = snapshot->events;
  return true;
}

// Up to where the log ended when it began and what was read is of one moment, or, when it is to
// stop, after one read: what is of no whole unit then is published by whoever reads on. On
// PostgreSQL a unit that is still running may be in the way. Answers whether there was anything.
bool ColumnHistories::Follower::read_all(const std::function<void()>& after_read,
                                         const std::stop_token& stop) {
  const std::uint64_t notices = log_.notices_told();
  const Position before = follower_->position();
  std::optional<Position> goal;
  while (!goal || follower_->position() < *goal || !is_one_moment()) {
    const Position last = follower_->position();
    const Position head = read_some(stop);
    if (!goal) goal = head;
    const bool is_unit_end = follower_->position() >= unit_ends_.front();
    if (is_unit_end) unit_ends_.pop_front();
    if (is_unit_end && is_one_moment()) {
      tell_whole();
      make_room(stop);
    } else if (follower_->position() == last && last >= head) {
      return last != before;
    } else if (stop.stop_requested()) {
      return true;
    } else if (!opened_) {
      make_room(stop);
    }
    after_read();
  }
  notices_read_ = notices;
  return follower_->position() != before;
}

// One read of the database, up to the first place ahead where a unit is known to end. Answers the
// head of the log in its moment.
Position ColumnHistories::Follower::read_some(const std::stop_token& stop) {
  const auto until = Clock::now() + milliseconds(options_.read_max);
  return database_.read([&](store::Session& session) {
    const Position head = log_.head(session);
    if (unit_ends_.size() == kUnitEndsMax) unit_ends_.pop_back();
    if (unit_ends_.empty() || unit_ends_.back() < head) unit_ends_.push_back(head);
    while (follower_->step(session, unit_ends_.front()) && !stop.stop_requested() &&
           Clock::now() < until && (opened_ || !is_full())) {
    }
    const bool sqlite = database_.dialect() == store::Dialect::sqlite;
    const Position newest = sqlite ? head : log_.newest(session);
    ahead_.look(session, {follower_->position(), head, newest, follower_->looked_up()});
    follower_->forget_looked_up();
    return head;
  });
}

// What was read ends with a unit: all of it can be seen, and whoever waits is told.
void ColumnHistories::Follower::tell_whole() {
  const Position position = follower_->position();
  const bool moved = position != store_.pin().position();
  if (moved) publish();
  if (somebody_went_) discard_if_due();
  {
    const std::lock_guard lock(mutex_);
    position_ = position;
    if (moved) last_arrival_ = Clock::now();
  }
  published_.notify_all();
}

void ColumnHistories::Follower::publish() {
  store_.publish(follower_->position());
  if (store_.give_back_rows()) store_.publish(follower_->position());
  somebody_went_ = follower_->somebody_went() || somebody_went_;
}

void ColumnHistories::Follower::discard_if_due() {
  if (Clock::now() < discard_after_) return;
  somebody_went_ = !discard_snapshot();
  discard_after_ = Clock::now() + kRetryAfter;
}

bool ColumnHistories::Follower::catch_up(const std::stop_token& stop) {
  const std::lock_guard lock(writing_);
  return read_all([] {}, stop);
}

bool ColumnHistories::Follower::is_full() const {
  const auto few = static_cast<std::size_t>(store_.pin().events() / kArrivedPart);
  return store_.delta_events() > std::max(options_.delta_events_max, few);
}

// Deltas are what takes memory. Only what is published can be folded; half a unit may be while
// nobody asks yet.
void ColumnHistories::Follower::make_room(const std::stop_token& stop) {
  if (!is_full()) return;
  if (!opened_) store_.publish(follower_->position());
  folding_.grown_by(kGrowthToFold, stop);
}

// What blocks and deltas took lies in pieces all over the heap: without this a memory that was read
// from the log holds several times what is in it.
void ColumnHistories::Follower::give_back() { malloc_trim(0); }

// Its file is unlinked, but its pages hold whoever was erased, here and on the disk, until nothing
// is read in it any more: what lies in it is copied, and pins of before let go of it one by one.
void ColumnHistories::Follower::let_go_of_snapshot(const std::stop_token& stop) {
  if (!lets_go_) return;
  const std::size_t blocks = store_.pin().blocks();
  bool all = true;
  for (std::size_t block = 0; block < blocks; ++block) {
    if (stop.stop_requested()) return;
    all = store_.take_over(block) && all;
  }
  if (all) lets_go_ = false;
}

// --- waiting

bool ColumnHistories::Follower::await(const Position& position, base::Duration patience) {
  const auto until = Clock::now() + milliseconds(patience);
  while (!follows()) {
    const std::uint64_t seen = log_.appended().count();
    catch_up();
    {
      const std::lock_guard lock(mutex_);
      if (position_ >= position) return true;
    }
    if (Clock::now() >= until) return false;
    log_.appended().wait(seen, kAskEvery);  // on PostgreSQL for units that are still open
  }
  std::unique_lock lock(mutex_);
  return published_.wait_until(lock, until, [&] { return position_ >= position; });
}

// --- in the background

void ColumnHistories::Follower::start() {
  CHECK(!follows());
  reader_ = std::jthread([this](const std::stop_token& stop) { read_on(stop); });
  keeper_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

void ColumnHistories::Follower::read_on(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::uint64_t seen = log_.appended().count();
    try {
      if (catch_up(stop)) continue;
    } catch (const store::Failure& failure) {
      base::log_warning("the memory cannot read the log, tries again: {}", failure.what());
      std::unique_lock lock(mutex_);
      published_.wait_for(lock, stop, kRetryAfter, [] { return false; });
      continue;
    }
    log_.appended().wait(seen, kLookEvery);
  }
}

void ColumnHistories::Follower::keep(const std::stop_token& stop) {
  std::size_t folded = kFoldedToGiveBack;  // the log may just have been read
  auto looked = Clock::now();
  while (!stop.stop_requested()) {
    bool quiet = false;
    {
      std::unique_lock lock(mutex_);
      published_.wait_for(lock, stop, milliseconds(kQuiet), [] { return false; });
      quiet = Clock::now() - last_arrival_ >= milliseconds(kQuiet);
    }
    const auto since = Clock::now() - std::exchange(looked, Clock::now());
    folded += quiet ? folding_.all(stop) : folding_.busy(since, stop);
    let_go_of_snapshot(stop);
    if (quiet && folded >= kFoldedToGiveBack) {
      give_back();
      folded = 0;
    }
    if (!stop.stop_requested()) keep_snapshot();
  }
}

bool ColumnHistories::Follower::snapshot_pays() const {
  const std::int64_t events = store_.pin().events();
  const std::lock_guard lock(mutex_);
  if (snapshot_is_missing_) return events >= kSnapshotEventsMin;
  return std::abs(events - events_at_snapshot_) >= std::max(kSnapshotEventsMin, events / 50);
}

void ColumnHistories::Follower::keep_snapshot() {
  const auto since = Clock::now() - last_snapshot_.load();
  if (since < milliseconds(kSnapshotEvery) || !snapshot_pays()) return;
  try {
    write_snapshot();
  } catch (const store::Failure& failure) {
    base::log_warning("the snapshot is written later: {}", failure.what());
  }
}

ColumnHistories::Follower::~Follower() {
  giving_up_ = true;
  keeper_ = {};  // asks it to stop and waits
  if (reader_.joinable()) {
    reader_.request_stop();
    log_.appended().raise();  // it may be waiting for it
    reader_.join();
  }
  giving_up_ = false;
  leave();
}

bool ColumnHistories::Follower::is_left_unread() {
  // Other processes write notices there.
  if (database_.dialect() == store::Dialect::postgresql) return false;
  const Position head = database_.read([&](store::Session& session) { return log_.head(session); });
  const std::lock_guard lock(writing_);
  const std::int64_t unread = head.sequence - follower_->position().sequence;
  return unread > options_.left_unread_min && notices_read_ == log_.notices_told();
}

// A snapshot, so that who comes next need not read all of the log; none with somebody who was
// erased just now.
void ColumnHistories::Follower::leave() {
  if (options_.snapshot.empty() || !opened_) return;
  try {
    if (!is_left_unread()) read_once_more();
    if (!somebody_went_ && snapshot_pays()) write_snapshot();
  } catch (const store::Failure& failure) {
    // What was not read may tell of somebody who is gone.
    const bool told = notices_read_ != log_.notices_told();
    const bool kept = !told || !discard_snapshot();
    base::log_warning("the snapshot is {}: {}", kept ? "left as it was" : "taken away",
                      failure.what());
  }
}

void ColumnHistories::Follower::read_once_more() {
  const std::lock_guard lock(writing_);
  const Position head = read_some({});
  publish();
  if (follower_->position() < head && somebody_goes_later()) somebody_went_ = true;
  if (somebody_went_) somebody_went_ = !discard_snapshot();
}

// Whether somebody this memory may hold is told to have gone in what it has not read.
bool ColumnHistories::Follower::somebody_goes_later() {
  return database_.read([&](store::Session& session) {
    for (const event_log::Notice& notice :
         event_log::notices_after(session, follower_->position())) {
      const auto* customer = std::get_if<CustomerId>(&notice.subject);
      if (customer != nullptr && !customer::customer_with(session, *customer)) return true;
    }
    return false;
  });
}

// Beside what goes on: a pin does not move.
bool ColumnHistories::Follower::write_snapshot() {
  if (options_.snapshot.empty()) return false;
  const std::lock_guard writing(snapshot_writing_);
  const Pin pin = store_.pin();
  const auto customers = store_.customers(pin);
  const auto [mark, changes] = database_.read([&](store::Session& session) {
    return std::pair(mark_at(session, log_.id(), pin.position()),
                     changes_in(session, log_.catalog()));
  });
  if (!mark) return false;  // the row at its end was taken away: the next one will do
  const auto stop = [this] { return giving_up_.load(); };
  const auto written = timeline::write_snapshot({options_.snapshot, options_.disk, stop},
                                                {*mark, pin, customers, *positions_, *changes});
  const std::lock_guard lock(mutex_);
  last_snapshot_ = Clock::now();
  if (!written) {
    base::log_warning("the snapshot was not written: {}", code_of(written.error()));
    return false;
  }
  events_at_snapshot_ = pin.events();
  snapshot_is_missing_ = false;
  return true;
}

// Somebody in it is gone. One that is being written may hold them too: it is given up first.
bool ColumnHistories::Follower::discard_snapshot() {
  if (options_.snapshot.empty()) return true;
  if (is_mapped_) lets_go_ = true;
  giving_up_ = true;
  const std::lock_guard writing(snapshot_writing_);
  giving_up_ = false;
  if (!remove_snapshot({options_.snapshot, options_.disk})) {
    base::log_error("the snapshot, which may hold somebody who was erased, could not be removed");
    return false;
  }
  const std::lock_guard lock(mutex_);
  snapshot_is_missing_ = true;
  return true;
}

MemoryState ColumnHistories::Follower::state() const {
  const Pin pin = store_.pin();
  MemoryState state;
  {
    const std::lock_guard lock(mutex_);
    state.opened_from = opened_from_;
    state.not_from = not_from_;
  }
  state.position = pin.position();
  state.persons = pin.persons();
  state.events = pin.events();
  state.delta_events = static_cast<std::int64_t>(store_.delta_events());
  state.bytes = store_.bytes();
  state.positions_bytes = positions_->bytes();
  state.keys_bytes = log_.memory_bytes();
  return state;
}

}  // namespace timeline
