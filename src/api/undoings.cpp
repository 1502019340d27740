#include "api/undoings.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/diagnostics.h"
#include "customer/import_undo.h"
#include "intake/import_undo.h"
#include "store/failure.h"

namespace api {

Undoings::Undoings(store::Database& database, event_log::Log& log, const base::Clock& clock)
    : database_(database),
      log_(log),
      clock_(clock),
      worker_([this](const std::stop_token& stop) { run(stop); }) {}

Undoings::~Undoings() { end(); }

bool Undoings::add(base::BatchId batch, const customer::WritingOptions& writing) {
  const std::lock_guard lock(mutex_);
  if (ended_) return false;
  const auto known = states_.find(batch);
  if (known != states_.end() && !known->second.is_over()) return true;
  if (waiting_.size() >= kUndosWaitingMax) return false;
  std::erase(over_, batch);
  states_[batch] = Undoing{};
  waiting_.push_back({batch, writing});
  changed_.notify_all();
  return true;
}

void Undoings::resume() {
  const auto begun = database_.read(
      [](store::Session& session) { return event_log::batches_being_undone(session); });
  customer::WritingOptions writing;
  writing.actor = {.kind = rights::ActorKind::system, .name = "siyu"};
  writing.now = clock_.now();
  writing.source = "undo";
  for (const base::BatchId batch : begun) (void)add(batch, writing);
}

std::optional<Undoing> Undoings::find(base::BatchId batch) const {
  const std::lock_guard lock(mutex_);
  const auto known = states_.find(batch);
  if (known == states_.end()) return std::nullopt;
  return known->second;
}

std::optional<Undoing> Undoings::await(base::BatchId batch, base::Duration patience) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(patience.ms), [&] {
    const auto known = states_.find(batch);
    return known == states_.end() || known->second.is_over();
  });
  const auto known = states_.find(batch);
  if (known == states_.end()) return std::nullopt;
  return known->second;
}

void Undoings::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    worker_.request_stop();
  }
  if (worker_.joinable()) worker_.join();
}

void Undoings::run(const std::stop_token& stop) {
  while (true) {
    Order order;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) return;
      if (stop.stop_requested()) return;
      order = std::move(waiting_.front());
      waiting_.pop_front();
      states_[order.batch].state = Undoing::State::running;
    }
    carry_out(order, stop);
  }
}

void Undoings::carry_out(const Order& order, const std::stop_token& stop) {
  customer::ImportUndo customers(log_, order.writing);
  event_log::BatchFollower* const followers[] = {&customers};
  const intake::UndoMeans means{.database = database_,
                                .log = log_,
                                .clock = clock_,
                                .followers = followers,
                                .progress =
                                    [&](std::int64_t done, std::int64_t all) {
                                      const std::lock_guard lock(mutex_);
                                      Undoing& now = states_[order.batch];
                                      now.done = done;
                                      now.customers = all;
                                    },
                                .stop = stop};
  try {
    auto undone = intake::undo_import(means, order.batch);
    // An error: another process has taken it back whole.
    finish(order.batch, undone && undone->stopped ? Undoing::State::failed : Undoing::State::ended,
           undone ? std::move(undone->left_as_is) : std::vector<event_log::BuiltUpon>());
  } catch (const store::Failure& failure) {
    base::log_error("taking an import back was cut off and goes on when asked again: {}",
                    failure.what());
    finish(order.batch, Undoing::State::failed, {});
  } catch (const std::exception& error) {
    base::log_error("taking an import back failed and goes on when asked again: {}", error.what());
    finish(order.batch, Undoing::State::failed, {});
  }
}

void Undoings::finish(base::BatchId batch, Undoing::State state,
                      std::vector<event_log::BuiltUpon> kept) {
  const std::lock_guard lock(mutex_);
  Undoing& now = states_[batch];
  now.state = state;
  now.kept = std::move(kept);
  over_.push_back(batch);
  if (over_.size() > kUndosRemembered) {
    states_.erase(over_.front());
    over_.pop_front();
  }
  changed_.notify_all();
}

}  // namespace api
