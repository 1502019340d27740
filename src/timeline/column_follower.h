// The inside of ColumnHistories (timeline/column_histories.h): who reads the log, folds, and writes
// snapshots, each in a thread of its own once start() was called.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "base/work_pool.h"
#include "timeline/column_histories.h"
#include "timeline/folding.h"
#include "timeline/log_follower.h"
#include "timeline/notices_ahead.h"

namespace timeline {

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
        positions_(std::make_unique<SlotPositions>()) {
    store_.set_fitted(options_.fitted);
  }

  // Within one read of the database, however much of the log there is to read, and a snapshot.
  ~Follower();

  void open(const std::function<void(std::int64_t, std::int64_t)>& progress);
  void start();
  bool catch_up(const std::stop_token& stop = {});
  bool await(const event_log::Position& position, base::Duration patience);
  void fold_all() { folding_.all(); }
  static void give_back();
  void let_go_of_snapshot(const std::stop_token& stop);
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
  bool read_all(const std::function<void()>& after_read, const std::stop_token& stop);
  event_log::Position read_some(const std::stop_token& stop);
  bool is_one_moment() const { return ahead_.is_one_moment(follower_->position()); }
  void tell_whole();
  void publish();
  void discard_if_due();
  bool is_full() const;
  void make_room(const std::stop_token& stop);
  void read_on(const std::stop_token& stop);
  void keep(const std::stop_token& stop);
  bool snapshot_pays() const;
  void keep_snapshot();
  bool is_left_unread();
  void leave();
  void read_once_more();
  bool somebody_goes_later();
  bool discard_snapshot();
  bool follows() const { return reader_.joinable(); }

  store::Database& database_;
  event_log::Log& log_;
  base::WorkPool& pool_;
  const MemoryOptions options_;
  ColumnStore store_;
  Folding folding_{store_};
  std::unique_ptr<SlotPositions> positions_;  // stays once open() is over

  std::mutex writing_;              // of what follows: one thread reads the log at a time
  std::uint64_t notices_read_ = 0;  // of this process, at least: Log::notices_told
  bool somebody_went_ = false;      // and the snapshot that has them is not removed yet
  std::chrono::steady_clock::time_point discard_after_;
  std::optional<LogFollower> follower_;
  // Ahead of the follower, ascending: what was the head of the log in some moment. On SQLite no row
  // tells where a unit ends, and one may be longer than a step; only there may be published.
  std::deque<event_log::Position> unit_ends_;
  NoticesAhead ahead_;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable_any published_;
  event_log::Position position_;
  std::string opened_from_ = "log";
  std::string not_from_;
  std::int64_t events_at_snapshot_ = 0;
  bool snapshot_is_missing_ = false;  // since somebody who was in it went
  bool is_mapped_ = false;            // blocks lie in the snapshot
  std::chrono::steady_clock::time_point last_arrival_;
  std::atomic<std::chrono::steady_clock::time_point> last_snapshot_ =
      std::chrono::steady_clock::now();
  bool opened_ = false;

  std::atomic<bool> lets_go_ = false;  // of the mapped snapshot: somebody who was in it went

  std::mutex snapshot_writing_;
  std::atomic<bool> giving_up_ = false;  // the snapshot that is being written

  std::jthread reader_;
  std::jthread keeper_;
};

}  // namespace timeline
