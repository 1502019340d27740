#include "timeline/column_histories.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/diagnostics.h"
#include "base/work_pool.h"
#include "timeline/log_follower.h"
#include "timeline/log_mark.h"
#include "timeline/pinned_rows.h"
#include "timeline/snapshot.h"

namespace timeline {

using base::CustomerId;
using event_log::Position;
using Clock = std::chrono::steady_clock;

namespace {

// One read of the database lasts about as long at most; what is left is read by the next.
constexpr std::chrono::seconds kReadMax{30};
// How often the log is looked at for what other processes commit.
constexpr base::Duration kLookEvery{100};
constexpr base::Duration kAskEvery{10};  // the same, while somebody waits and nobody follows
constexpr std::chrono::seconds kRetryAfter{1};
// What has arrived may take as much again as this part of what lies in blocks, or as
// MemoryOptions says; then every block is folded that has grown by half that part. So an event is
// rewritten some 16 times at most, and the rest is below the half.
constexpr std::int64_t kArrivedPart = 8;
constexpr std::size_t kGrowthToFold = 16;
// In the background: a block that has grown by this part, so that it is rewritten seldom.
constexpr std::size_t kPartToFold = 8;
// When it is quiet after so many blocks were folded, free memory goes back to the machine.
constexpr std::size_t kFoldedToGiveBack = 64;

std::chrono::milliseconds milliseconds(base::Duration duration) {
  return std::chrono::milliseconds(duration.ms);
}

}  // namespace

class ColumnHistories::Follower {
 public:
  Follower(store::Database& database, event_log::Log& log, base::WorkPool& pool,
           MemoryOptions options)
      : database_(database),
        log_(log),
        pool_(pool),
        options_(std::move(options)),
        store_(database.read(
            [&](store::Session& session) { return changes_in(session, log.catalog()); })),
        positions_(std::make_unique<SlotPositions>()) {}

  ~Follower() {
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

  void open(const std::function<void(std::int64_t, std::int64_t)>& progress);
  void start();
  bool catch_up();
  bool await(const Position& position, base::Duration patience);
  std::size_t fold(std::size_t events_min, std::size_t part, const std::stop_token& stop);
  static void give_back();
  bool write_snapshot();
  MemoryState state() const;

  const ColumnStore& store() const { return store_; }
  ColumnStore& store() { return store_; }
  const SlotPositions& positions() const { return *positions_; }
  store::Database& database() { return database_; }
  event_log::Log& log() { return log_; }

 private:
  static std::shared_ptr<const ChangeTypes> changes_in(store::Session& session,
                                                       event_log::EventCatalog& catalog) {
    return ChangeTypes::of(session, *catalog.of(session));
  }
  bool open_snapshot();
  bool read_all(const std::function<void()>& after_step);
  void make_room();
  void read_on(const std::stop_token& stop);
  void keep(const std::stop_token& stop);
  bool snapshot_pays() const;
  void keep_snapshot();
  bool is_left_unread();
  void leave();
  bool discard_snapshot();
  bool follows() const { return reader_.joinable(); }

  store::Database& database_;
  event_log::Log& log_;
  base::WorkPool& pool_;
  const MemoryOptions options_;
  ColumnStore store_;
  std::unique_ptr<SlotPositions> positions_;  // stays once open() is over

  std::mutex writing_;              // of what follows: one thread reads the log at a time
  std::uint64_t notices_read_ = 0;  // of this process, at least: Log::notices_told
  bool somebody_went_ = false;      // and the snapshot that has them is not removed yet
  Clock::time_point discard_after_;
  std::optional<LogFollower> follower_;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable_any published_;
  Position position_;
  std::string opened_from_ = "log";
  std::string not_from_;
  std::int64_t events_at_snapshot_ = 0;
  bool snapshot_is_missing_ = false;  // since somebody who was in it went
  Clock::time_point last_arrival_;
  std::atomic<Clock::time_point> last_snapshot_ = Clock::now();
  bool opened_ = false;

  std::mutex snapshot_writing_;
  std::atomic<bool> giving_up_ = false;  // the snapshot that is being written

  std::jthread reader_;
  std::jthread keeper_;
};

// --- reading

void ColumnHistories::Follower::open(
    const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::lock_guard lock(writing_);
  const std::int64_t expected =
      database_.read([&](store::Session& session) { return log_.head(session).sequence; });
  if (!open_snapshot()) {
    follower_.emplace(LogFollower::Means{log_, store_, *positions_});
    database_.read([&](store::Session& session) { follower_->begin(session); });
  }
  read_all([&] {
    make_room();
    if (progress) progress(follower_->events_read(), expected);
  });
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
  events_at_snapshot_ = snapshot->events;
  return true;
}

// Ends at the moment of the last of its reads, and publishes that.
bool ColumnHistories::Follower::read_all(const std::function<void()>& after_step) {
  const Position before = follower_->position();
  const std::uint64_t notices = log_.notices_told();
  bool more = true;
  while (more) {
    const auto until = Clock::now() + kReadMax;
    database_.read([&](store::Session& session) {
      more = follower_->step(session);
      while (more && Clock::now() < until) {
        after_step();
        more = follower_->step(session);
      }
    });
    after_step();
  }
  notices_read_ = notices;
  const bool moved = follower_->position() != before;
  if (moved) store_.publish(follower_->position());
  somebody_went_ = follower_->somebody_went() || somebody_went_;
  if (somebody_went_ && Clock::now() >= discard_after_) {
    somebody_went_ = !discard_snapshot();
    discard_after_ = Clock::now() + kRetryAfter;
  }
  {
    const std::lock_guard lock(mutex_);
    position_ = follower_->position();
    if (moved) last_arrival_ = Clock::now();
  }
  published_.notify_all();
  return moved;
}

bool ColumnHistories::Follower::catch_up() {
  const std::lock_guard lock(writing_);
  return read_all([&] { make_room(); });
}

// Deltas are what takes memory.
void ColumnHistories::Follower::make_room() {
  const auto few = static_cast<std::size_t>(store_.pin().events() / kArrivedPart);
  if (store_.delta_events() <= std::max(options_.delta_events_max, few)) return;
  store_.publish(follower_->position());  // only what is published can be folded
  fold(1, kGrowthToFold, {});
}

// Answers how many blocks were.
std::size_t ColumnHistories::Follower::fold(std::size_t events_min, std::size_t part,
                                            const std::stop_token& stop) {
  std::size_t folded = 0;
  // No pin is held: it would keep every block that is replaced until the last one is.
  for (const std::size_t block : store_.changed_blocks(events_min)) {
    if (stop.stop_requested()) break;
    const bool pays = store_.delta_events(block) >= store_.base_events(block) / part;
    if (pays && store_.fold(block)) ++folded;
  }
  return folded;
}

// What blocks and deltas took lies in pieces all over the heap: without this a memory that was read
// from the log holds several times what is in it.
void ColumnHistories::Follower::give_back() { malloc_trim(0); }

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
      if (catch_up()) continue;
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
  while (!stop.stop_requested()) {
    bool quiet = false;
    {
      std::unique_lock lock(mutex_);
      published_.wait_for(lock, stop, milliseconds(kQuiet), [] { return false; });
      quiet = Clock::now() - last_arrival_ >= milliseconds(kQuiet);
    }
    folded += fold(quiet ? 1 : kFoldEventsMin,
                   quiet ? std::numeric_limits<std::size_t>::max() : kPartToFold, stop);
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
    if (!is_left_unread()) catch_up();
    if (snapshot_pays()) write_snapshot();
  } catch (const store::Failure& failure) {
    base::log_warning("the snapshot is left as it was: {}", failure.what());
  }
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
  return state;
}

// --- the interface

ColumnHistories::ColumnHistories(store::Database& database, event_log::Log& log,
                                 base::WorkPool& pool, MemoryOptions options)
    : follower_(std::make_unique<Follower>(database, log, pool, std::move(options))) {}

ColumnHistories::~ColumnHistories() = default;

void ColumnHistories::open(const std::function<void(std::int64_t, std::int64_t)>& progress) {
  follower_->open(progress);
}

void ColumnHistories::start() { follower_->start(); }

bool ColumnHistories::catch_up() { return follower_->catch_up(); }

Pin ColumnHistories::pin() const { return follower_->store().pin(); }

std::optional<Pin> ColumnHistories::fresh_pin() const {
  // Not the head: on PostgreSQL a unit that is still open keeps others that are committed from it.
  const Position newest = follower_->database().read(
      [&](store::Session& session) { return follower_->log().newest(session); });
  if (!await(newest, kFreshPatience)) return std::nullopt;
  return pin();
}

void ColumnHistories::fold_all() {
  follower_->fold(1, std::numeric_limits<std::size_t>::max(), {});
  Follower::give_back();
}

Position ColumnHistories::position_of(Slot slot) const {
  return follower_->positions().position_of(slot);
}

bool ColumnHistories::write_snapshot() { return follower_->write_snapshot(); }

MemoryState ColumnHistories::state() const { return follower_->state(); }

bool ColumnHistories::await(const Position& position, base::Duration patience) const {
  return follower_->await(position, patience);
}

std::unique_ptr<History> ColumnHistories::of(CustomerId customer) const {
  const Pin pin = this->pin();
  const auto place = pin.place_of(customer);
  if (!place) return nullptr;
  return pin.history(place->block, place->row);
}

void ColumnHistories::each(const std::function<bool(const History&)>& visit) const {
  const Pin pin = this->pin();
  std::vector<std::pair<CustomerId, Pin::Place>> places;
  places.reserve(static_cast<std::size_t>(pin.persons()));
  for (std::uint32_t block = 0; block < pin.blocks(); ++block) {
    pin.rows(block).each([&](std::size_t row) {
      places.emplace_back(pin.person(block, row),
                          Pin::Place{block, static_cast<std::uint32_t>(row)});
    });
  }
  std::ranges::sort(places, {}, &std::pair<CustomerId, Pin::Place>::first);
  for (const auto& [person, place] : places) {
    if (!visit(*pin.history(place.block, place.row))) return;
  }
}

std::int64_t ColumnHistories::persons() const { return pin().persons(); }

std::unique_ptr<event_log::CustomerRows::View> ColumnHistories::view() const {
  return std::make_unique<PinnedRows>(pin(), follower_->positions());
}

}  // namespace timeline
