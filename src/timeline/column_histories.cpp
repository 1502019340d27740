#include "timeline/column_histories.h"

#include <algorithm>
#include <utility>

#include "timeline/column_follower.h"
#include "timeline/pinned_rows.h"

namespace timeline {

using base::CustomerId;
using event_log::Position;

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
  follower_->fold_all();
  follower_->let_go_of_snapshot({});
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
