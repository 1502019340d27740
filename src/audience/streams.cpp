#include "audience/streams.h"

#include <algorithm>
#include <utility>

namespace audience {

using base::Duration;
using base::Moment;
using timeline::Span;

std::optional<Span> MergingStream::next() {
  if (!started_) {
    ahead_ = raw();
    started_ = true;
  }
  while (ahead_ && ahead_->from >= ahead_->to) ahead_ = raw();
  if (!ahead_) return std::nullopt;
  Span joined = *ahead_;
  ahead_ = raw();
  while (ahead_ && (ahead_->from <= joined.to || ahead_->from >= ahead_->to)) {
    if (ahead_->from < ahead_->to) joined.to = std::max(joined.to, ahead_->to);
    ahead_ = raw();
  }
  return joined;
}

namespace {

class BorrowedStream final : public IntervalStream {
 public:
  explicit BorrowedStream(std::span<const Span> spans) : spans_(spans) {}
  std::optional<Span> next() override {
    if (spans_.empty()) return std::nullopt;
    const Span first = spans_.front();
    spans_ = spans_.subspan(1);
    return first;
  }

 private:
  std::span<const Span> spans_;  // outlives the stream: the history's or a literal's
};

class OwnedStream final : public MergingStream {
 public:
  explicit OwnedStream(std::vector<Span> spans) : spans_(std::move(spans)) {}

 protected:
  std::optional<Span> raw() override {
    return next_ < spans_.size() ? std::optional(spans_[next_++]) : std::nullopt;
  }

 private:
  std::vector<Span> spans_;
  std::size_t next_ = 0;
};

class SharedReading final : public IntervalStream {
 public:
  explicit SharedReading(std::shared_ptr<SharedSpans> spans) : spans_(std::move(spans)) {}
  std::optional<Span> next() override { return spans_->at(next_++); }

 private:
  std::shared_ptr<SharedSpans> spans_;
  std::size_t next_ = 0;
};

// The earlier of two heads first; the merging base joins what overlaps.
class UnionStream final : public MergingStream {
 public:
  UnionStream(Stream left, Stream right) : left_(std::move(left)), right_(std::move(right)) {}

 protected:
  std::optional<Span> raw() override {
    if (!started_) {
      left_head_ = left_->next();
      right_head_ = right_->next();
      started_ = true;
    }
    const bool take_left = left_head_ && (!right_head_ || left_head_->from <= right_head_->from);
    if (take_left) return std::exchange(left_head_, left_->next());
    if (right_head_) return std::exchange(right_head_, right_->next());
    return std::nullopt;
  }

 private:
  Stream left_;
  Stream right_;
  std::optional<Span> left_head_;
  std::optional<Span> right_head_;
  bool started_ = false;
};

// Parts that are normal meet in intervals that are normal, so nothing has to be merged. The right
// part is not asked once the left one has ended.
class IntersectionStream final : public IntervalStream {
 public:
  IntersectionStream(Stream left, Stream right)
      : left_(std::move(left)), right_(std::move(right)) {}

  std::optional<Span> next() override {
    if (!started_) {
      left_head_ = left_->next();
      if (left_head_) right_head_ = right_->next();
      started_ = true;
    }
    while (left_head_ && right_head_) {
      const Span common{std::max(left_head_->from, right_head_->from),
                        std::min(left_head_->to, right_head_->to)};
      if (left_head_->to < right_head_->to) {
        left_head_ = left_->next();
      } else {
        right_head_ = right_->next();
      }
      if (common.from < common.to) return common;
    }
    return std::nullopt;
  }

 private:
  Stream left_;
  Stream right_;
  std::optional<Span> left_head_;
  std::optional<Span> right_head_;
  bool started_ = false;
};

class ComplementStream final : public IntervalStream {
 public:
  explicit ComplementStream(Stream part) : part_(std::move(part)) {}

  std::optional<Span> next() override {
    while (!ended_) {
      const std::optional<Span> hole = part_->next();
      const Span gap{begin_, hole ? hole->from : base::kMomentMax};
      if (!hole || hole->to == base::kMomentMax) {
        ended_ = true;
      } else {
        begin_ = hole->to;
      }
      if (gap.from < gap.to) return gap;
    }
    return std::nullopt;
  }

 private:
  Stream part_;
  Moment begin_ = base::kMomentMin;
  bool ended_ = false;
};

class CutStream final : public IntervalStream {
 public:
  CutStream(Stream part, Moment from) : part_(std::move(part)), from_(from) {}

  std::optional<Span> next() override {
    while (const auto span = part_->next()) {
      if (span->to > from_) return Span{std::max(span->from, from_), span->to};
    }
    return std::nullopt;
  }

 private:
  Stream part_;
  Moment from_;
};

class HeldStream final : public IntervalStream {
 public:
  HeldStream(Stream part, Duration duration) : part_(std::move(part)), duration_(duration) {}

  std::optional<Span> next() override {
    while (const auto span = part_->next()) {
      const Moment start = held_start(*span, duration_);
      if (start < span->to) return Span{start, span->to};
    }
    return std::nullopt;
  }

 private:
  Stream part_;
  Duration duration_;
};

// Pairs in a balanced tree: an interval passes through log2(parts) nodes.
template <typename Pair>
Stream balanced(std::span<Stream> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  const std::size_t half = parts.size() / 2;
  return std::make_unique<Pair>(balanced<Pair>(parts.first(half)),
                                balanced<Pair>(parts.subspan(half)));
}

}  // namespace

std::optional<Span> SharedSpans::at(std::size_t number) {
  while (stream_ != nullptr && read_.size() <= number) {
    if (const auto span = stream_->next()) {
      read_.push_back(*span);
    } else {
      stream_ = nullptr;
    }
  }
  return number < read_.size() ? std::optional(read_[number]) : std::nullopt;
}

Stream reading_of(std::shared_ptr<SharedSpans> spans) {
  return std::make_unique<SharedReading>(std::move(spans));
}

Stream never() { return borrowed({}, base::kMomentMin); }

Stream always() { return owned({Span{base::kMomentMin, base::kMomentMax}}); }

Stream borrowed(std::span<const Span> spans, Moment from) {
  const auto over =
      std::ranges::partition_point(spans, [from](const Span& span) { return span.to <= from; });
  return std::make_unique<BorrowedStream>(
      spans.subspan(static_cast<std::size_t>(over - spans.begin())));
}

Stream owned(std::vector<Span> spans) { return std::make_unique<OwnedStream>(std::move(spans)); }

Stream union_of(std::vector<Stream> parts) {
  return parts.empty() ? never() : balanced<UnionStream>(parts);
}

Stream intersection_of(std::vector<Stream> parts) {
  return parts.empty() ? always() : balanced<IntersectionStream>(parts);
}

Stream complement_of(Stream part) { return std::make_unique<ComplementStream>(std::move(part)); }

Stream cut_before(Stream part, Moment from) {
  return std::make_unique<CutStream>(std::move(part), from);
}

bool holds_in(IntervalStream& stream, Moment at) {
  auto span = stream.next();
  while (span && span->to <= at) span = stream.next();
  return span && span->from <= at;
}

Moment held_start(const Span& span, Duration duration) { return span.from + duration; }

Stream held_for(Stream part, Duration duration) {
  return std::make_unique<HeldStream>(std::move(part), duration);
}

}  // namespace audience
