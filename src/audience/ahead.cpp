#include "audience/ahead.h"

#include <algorithm>

#include "audience/mask_node.h"

namespace audience {

using base::Moment;
using timeline::Block;
using timeline::EntryRange;
using timeline::Pin;
using timeline::RowMask;
using timeline::Span;

namespace {

bool is_in(const Stretch& stretch, Moment at) { return at > stretch.from && at <= stretch.to; }

bool is_in(const Stretch& stretch, const Span& span) {
  return is_in(stretch, span.from) || is_in(stretch, span.to);
}

// Of entries in the order of their times.
template <typename Entries, typename Time>
bool any_in(const Stretch& stretch, const Entries& entries, Time time) {
  const auto next = std::ranges::partition_point(
      entries, [&](const auto& entry) { return time(entry) <= stretch.from; });
  return next != entries.end() && time(*next) <= stretch.to;
}

bool is_ahead(const timeline::History& history, const timeline::Mentions& mentions,
              const Stretch& stretch) {
  if (is_in(stretch, history.known_since())) return true;
  for (const auto type : mentions.events) {
    const auto time = [](const timeline::EventAt& event) { return event.time; };
    if (any_in(stretch, history.events(type), time)) return true;
  }
  for (const auto attribute : mentions.attributes) {
    const auto since = [](const timeline::AttributeChange& change) { return change.since; };
    if (any_in(stretch, history.attribute(attribute), since)) return true;
  }
  return std::ranges::any_of(mentions.memberships, [&](timeline::MembershipKey key) {
    return std::ranges::any_of(history.membership(key),
                               [&](const Span& span) { return is_in(stretch, span); });
  });
}

// Of rows of which the block alone tells the truth.
class BlockAhead {
 public:
  BlockAhead(const Block& block, const Stretch& stretch, const RowMask& rows)
      : block_(block), stretch_(stretch), left_(rows), rows_(rows) {}

  RowMask of(const timeline::Mentions& mentions) {
    // No row is known after that.
    if (block_.latest_known_since() > stretch_.from) look_at_beginnings();
    for (const auto type : mentions.events) look_at(block_.events(type));
    for (const auto attribute : mentions.attributes) look_at(block_.attribute(attribute));
    for (const auto key : mentions.memberships) look_at(block_.membership(key));
    return rows_ - left_;
  }

 private:
  void look_at_beginnings() {
    left_.each([&](std::size_t row) {
      if (is_in(stretch_, block_.known_since(row))) found_.add(row);
    });
    left_ -= found_;
  }
  void look_at(const timeline::Stream* stream) {
    if (stream == nullptr) return;
    const timeline::PackedInts& times = stream->times();
    const std::uint64_t begin = times.raw_at_least(stretch_.from.ms + 1);
    const std::uint64_t end = times.raw_at_least(stretch_.to.ms + 1);
    if (begin >= end) return;
    each_range(*stream, left_, [&](std::size_t row, const EntryRange& range) {
      const std::uint32_t next = position_of(times, range, begin);
      if (next < range.end && times.raw(next) < end) found_.add(row);
    });
    left_ -= found_;
  }
  void look_at(const timeline::SpanStream* stream) {
    if (stream == nullptr) return;
    (left_ & stream->rows()).each([&](std::size_t row) {
      const EntryRange range = stream->range(row);
      for (std::uint32_t entry = range.begin; entry < range.end; ++entry) {
        if (is_in(stretch_, stream->span(entry))) return found_.add(row);
      }
    });
    left_ -= found_;
  }

  const Block& block_;
  const Stretch& stretch_;
  RowMask left_;
  const RowMask rows_;
  RowMask found_;
};

RowMask ahead_in(const Pin& pin, std::size_t block, const timeline::Mentions& mentions,
                 const Stretch& stretch) {
  const RowMask rows = pin.rows(block);
  const RowMask changed = pin.changed(block, mentions) & rows;
  RowMask found = BlockAhead(pin.block(block), stretch, rows - changed).of(mentions);
  changed.each([&](std::size_t row) {
    if (is_ahead(*pin.history(block, row), mentions, stretch)) found.add(row);
  });
  return found;
}

}  // namespace

std::vector<RowMask> something_ahead(const Pin& pin, const timeline::Mentions& mentions,
                                     const Stretch& stretch, base::WorkPool& pool) {
  constexpr std::size_t kBlocksPerTask = 16;
  std::vector<RowMask> found(pin.blocks());
  const std::size_t tasks = (pin.blocks() + kBlocksPerTask - 1) / kBlocksPerTask;
  pool.run(tasks, [&](std::size_t task) {
    const std::size_t end = std::min(pin.blocks(), (task + 1) * kBlocksPerTask);
    for (std::size_t block = task * kBlocksPerTask; block < end; ++block) {
      found[block] = ahead_in(pin, block, mentions, stretch);
    }
  });
  return found;
}

}  // namespace audience
