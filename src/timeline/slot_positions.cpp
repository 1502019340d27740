#include "timeline/slot_positions.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <iterator>
#include <limits>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "base/check.h"
#include "timeline/varint.h"

namespace timeline {
namespace {

using event_log::Position;

constexpr std::size_t kChunkRuns = 64;
constexpr std::size_t kPieceBytes = 64 * 1024;

// A deque grows without copying what is there: no moment when the memory is needed twice.
using Bytes = std::deque<std::byte>;

// A chunk as it stands in an image, in front of its bytes.
struct ChunkHead {
  std::int64_t epoch = 0;
  std::int64_t transaction = 0;
  std::int64_t sequence = 0;
  std::uint32_t first_slot = 0;
  std::uint32_t bytes = 0;
};

// Upward; wraps, so any difference has one.
std::uint64_t ascent(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

struct Run {
  std::uint64_t slot = 0;  // the first
  Position position;       // of it
};

// Whether there is a sequence number `slots` further.
bool reaches(const Position& position, std::uint64_t slots) {
  return position.sequence <=
         std::numeric_limits<std::int64_t>::max() - static_cast<std::int64_t>(slots);
}

// The position `slots` further in the same run.
Position further(const Position& position, std::uint64_t slots) {
  Position there = position;
  there.sequence += static_cast<std::int64_t>(slots);
  return there;
}

// Goes through a chunk's runs. Iterator: over its bytes.
template <typename Iterator>
class RunCursor {
 public:
  RunCursor(const Run& first, Iterator begin, Iterator end) : run_(first), at_(begin), end_(end) {}

  const Run& run() const { return run_; }
  const Iterator& at() const { return at_; }
  // To the next run; false at the end, and when the bytes are damaged: then damaged().
  bool next() {
    if (at_ == end_) return false;
    const auto more_slots = read_varint(at_, end_);
    const auto transactions = read_varint(at_, end_);
    const auto sequences = read_varint(at_, end_);
    damaged_ = !more_slots || !transactions || !sequences ||
               !follow(*more_slots, *transactions, *sequences);
    return !damaged_;
  }
  bool damaged() const { return damaged_; }

 private:
  bool follow(std::uint64_t more_slots, std::uint64_t transactions, std::uint64_t sequences) {
    if (more_slots >= kSlotsMax || !reaches(run_.position, more_slots)) return false;
    const Position last = further(run_.position, more_slots);
    Position next = last;
    next.transaction =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(last.transaction) + transactions);
    next.sequence = apply_difference(last.sequence, sequences);
    if (next <= last) return false;
    run_ = {run_.slot + more_slots + 1, next};
    return true;
  }
  Run run_;
  Iterator at_;
  Iterator end_;
  bool damaged_ = false;
};

struct Chunk {
  Position first;
  std::uint64_t begin = 0;  // of its bytes
  std::uint32_t first_slot = 0;
};

// Everything that is kept, without the lock.
struct Kept {
  std::deque<Chunk> chunks;
  Bytes bytes;
  std::uint64_t size = 0;
  Position last;                // of the last slot
  std::uint64_t run_slots = 0;  // of the last run
  std::size_t chunk_runs = 0;   // of the last chunk

  std::uint64_t end_slot(std::size_t chunk) const {
    return chunk + 1 < chunks.size() ? chunks[chunk + 1].first_slot : size;
  }
  std::uint64_t end_byte(std::size_t chunk) const {
    return chunk + 1 < chunks.size() ? chunks[chunk + 1].begin : bytes.size();
  }
  RunCursor<Bytes::const_iterator> runs_of(std::size_t chunk) const {
    const auto at = [this](std::uint64_t byte) {
      return bytes.begin() + static_cast<std::ptrdiff_t>(byte);
    };
    return {{chunks[chunk].first_slot, chunks[chunk].first},
            at(chunks[chunk].begin),
            at(end_byte(chunk))};
  }
  void begin_chunk(const Position& position) {
    chunks.push_back({position, bytes.size(), static_cast<std::uint32_t>(size)});
    chunk_runs = 1;
  }
};

// Reads an image, checking everything that Kept promises.
class ImageReader {
 public:
  explicit ImageReader(std::span<const std::byte> image) : left_(image) {}

  std::optional<Kept> read() {
    std::uint64_t slots = 0;
    if (!take(slots) || slots > kSlotsMax) return std::nullopt;
    while (!left_.empty()) {
      if (!read_chunk()) return std::nullopt;
    }
    if (!end_run(slots)) return std::nullopt;
    kept_.size = slots;
    return std::move(kept_);
  }

 private:
  template <typename Number>
  bool take(Number& number) {
    if (left_.size() < sizeof number) return false;
    std::memcpy(&number, left_.data(), sizeof number);
    left_ = left_.subspan(sizeof number);
    return true;
  }

  // The last run ends before `slot`: what is known of it only there.
  bool end_run(std::uint64_t slot) {
    if (kept_.chunks.empty()) return slot == 0;
    if (slot <= run_.slot || slot > kSlotsMax) return false;
    kept_.run_slots = slot - run_.slot;
    if (!reaches(run_.position, kept_.run_slots - 1)) return false;
    kept_.last = further(run_.position, kept_.run_slots - 1);
    return true;
  }

  bool read_chunk() {
    ChunkHead head;
    if (!take(head) || head.bytes > left_.size() || !end_run(head.first_slot)) return false;
    const Position first{head.epoch, head.transaction, head.sequence};
    if (!kept_.chunks.empty() && first <= kept_.last) return false;
    kept_.size = head.first_slot;  // of the chunk that begins
    kept_.begin_chunk(first);
    const auto bytes = left_.first(head.bytes);
    left_ = left_.subspan(head.bytes);
    RunCursor runs({head.first_slot, first}, bytes.begin(), bytes.end());
    while (runs.next()) ++kept_.chunk_runs;
    if (runs.damaged() || kept_.chunk_runs > kChunkRuns) return false;
    run_ = runs.run();
    kept_.bytes.insert(kept_.bytes.end(), bytes.begin(), bytes.end());
    return true;
  }

  std::span<const std::byte> left_;
  Kept kept_;
  Run run_;  // the last one read
};

}  // namespace

class SlotPositions::Runs {
 public:
  Slot add(const Position& position) {
    const std::unique_lock lock(mutex_);
    CHECK(kept_.size < kSlotsMax);
    CHECK(kept_.size == 0 || position > kept_.last);
    const Position& last = kept_.last;
    const bool same_epoch = kept_.size != 0 && position.epoch == last.epoch;
    if (same_epoch && position.transaction == last.transaction &&
        position.sequence == last.sequence + 1) {
      ++kept_.run_slots;
    } else {
      if (!same_epoch || kept_.chunk_runs == kChunkRuns) {
        kept_.begin_chunk(position);
      } else {
        append_run(position);
      }
      kept_.run_slots = 1;
    }
    kept_.last = position;
    return static_cast<Slot>(kept_.size++);
  }

  std::size_t size() const {
    const std::shared_lock lock(mutex_);
    return kept_.size;
  }

  Position position_of(Slot slot) const {
    const std::shared_lock lock(mutex_);
    CHECK(slot < kept_.size);
    const auto after = std::ranges::upper_bound(kept_.chunks, slot, {}, &Chunk::first_slot);
    auto runs = kept_.runs_of(static_cast<std::size_t>(after - kept_.chunks.begin()) - 1);
    Run run = runs.run();
    while (runs.next() && runs.run().slot <= slot) run = runs.run();
    return further(run.position, slot - run.slot);
  }

  Slot at_or_after(const Position& position) const {
    const std::shared_lock lock(mutex_);
    const auto after = std::ranges::upper_bound(kept_.chunks, position, {}, &Chunk::first);
    if (after == kept_.chunks.begin()) return 0;
    const auto chunk = static_cast<std::size_t>(after - kept_.chunks.begin()) - 1;
    auto runs = kept_.runs_of(chunk);
    Run run = runs.run();
    std::uint64_t end = kept_.end_slot(chunk);
    while (runs.next()) {
      if (runs.run().position > position) {
        end = runs.run().slot;
        break;
      }
      run = runs.run();
    }
    if (position.epoch == run.position.epoch && position.transaction == run.position.transaction) {
      const auto ahead = ascent(run.position.sequence, position.sequence);
      if (ahead < end - run.slot) return static_cast<Slot>(run.slot + ahead);
    }
    return static_cast<Slot>(end);
  }

  std::size_t bytes() const {
    const std::shared_lock lock(mutex_);
    return kept_.chunks.size() * sizeof(Chunk) + kept_.bytes.size();
  }

  void write_image(std::size_t slots, const Piece& give) const {
    CHECK(slots <= size());
    const std::uint64_t count = slots;
    std::vector<std::byte> piece(sizeof count);
    std::memcpy(piece.data(), &count, sizeof count);
    for (std::size_t chunk = 0; append_chunks(chunk, slots, piece);) {
      give(piece);
      piece.clear();
    }
    give(piece);
  }

  bool read(std::span<const std::byte> image) {
    auto kept = ImageReader(image).read();
    if (!kept) return false;
    const std::unique_lock lock(mutex_);
    kept_ = std::move(*kept);
    return true;
  }

 private:
  void append_run(const Position& position) {
    append_varint(kept_.run_slots - 1, kept_.bytes);
    append_varint(ascent(kept_.last.transaction, position.transaction), kept_.bytes);
    append_varint(difference(kept_.last.sequence, position.sequence), kept_.bytes);
    ++kept_.chunk_runs;
  }

  // Fills the piece from `chunk` on; false when there is no more.
  bool append_chunks(std::size_t& chunk, std::size_t slots, std::vector<std::byte>& piece) const {
    const std::shared_lock lock(mutex_);
    for (; chunk < kept_.chunks.size() && kept_.chunks[chunk].first_slot < slots; ++chunk) {
      if (piece.size() >= kPieceBytes) return true;
      const auto runs = kept_.runs_of(chunk);
      const auto end = end_of(chunk, slots);
      const Position& first = kept_.chunks[chunk].first;
      const ChunkHead head{first.epoch, first.transaction, first.sequence,
                           kept_.chunks[chunk].first_slot,
                           static_cast<std::uint32_t>(end - runs.at())};
      const std::size_t before = piece.size();
      piece.resize(before + sizeof head);
      std::memcpy(piece.data() + before, &head, sizeof head);
      piece.insert(piece.end(), runs.at(), end);
    }
    return false;
  }
  // Where the bytes end of the chunk's runs that begin before `slots`.
  Bytes::const_iterator end_of(std::size_t chunk, std::size_t slots) const {
    auto runs = kept_.runs_of(chunk);
    auto end = runs.at();
    while (runs.next() && runs.run().slot < slots) end = runs.at();
    return end;
  }

  mutable std::shared_mutex mutex_;
  Kept kept_;
};

SlotPositions::SlotPositions() : runs_(std::make_unique<Runs>()) {}
SlotPositions::~SlotPositions() = default;

Slot SlotPositions::add(const Position& position) { return runs_->add(position); }
std::size_t SlotPositions::size() const { return runs_->size(); }
Position SlotPositions::position_of(Slot slot) const { return runs_->position_of(slot); }
Slot SlotPositions::at_or_after(const Position& position) const {
  return runs_->at_or_after(position);
}
std::size_t SlotPositions::bytes() const { return runs_->bytes(); }
void SlotPositions::write_image(std::size_t slots, const Piece& piece) const {
  runs_->write_image(slots, piece);
}
bool SlotPositions::read(std::span<const std::byte> image) { return runs_->read(image); }

}  // namespace timeline
