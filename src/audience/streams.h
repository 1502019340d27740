// Interval streams and how they compose: and, or, not, held.
//
// Every stream is *exact from a moment on*: it was asked for the truth on [from, ∞), and there its
// intervals are right. An interval that contains `from` may be reported as beginning anywhere at or
// before it. This is what lets a stream skip what is over; asked from kMomentMin, all is exact.
// With an `until` (scope.h) it is exact only up to there.
//
// Streams borrow nothing from each other: a composed stream owns its parts, alone or with others
// (SharedSpans). One thread for all of an evaluation.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "audience/evaluate.h"
#include "base/moment.h"
#include "timeline/history.h"

namespace audience {

using Stream = std::unique_ptr<IntervalStream>;

// For streams whose source yields intervals in order of `from` that may be empty, touch or
// overlap: next() drops, joins and merges them.
class MergingStream : public IntervalStream {
 public:
  std::optional<timeline::Span> next() final;

 protected:
  virtual std::optional<timeline::Span> raw() = 0;

 private:
  std::optional<timeline::Span> ahead_;
  bool started_ = false;
};

Stream never();
Stream always();
// Spans in order, disjoint, not touching, that outlive the stream; those that end by `from` are
// skipped in logarithmic time.
Stream borrowed(std::span<const timeline::Span> spans, base::Moment from);
// Spans in order of `from`; they may be empty, touch or overlap.
Stream owned(std::vector<timeline::Span> spans);

// A stream that several read, each at its own pace: what one has read is kept for the others.
class SharedSpans {
 public:
  explicit SharedSpans(Stream stream) : stream_(std::move(stream)) {}
  // From 0 on; nothing: there are no more.
  std::optional<timeline::Span> at(std::size_t number);

 private:
  Stream stream_;  // null: read to its end
  std::vector<timeline::Span> read_;
};
Stream reading_of(std::shared_ptr<SharedSpans> spans);

Stream union_of(std::vector<Stream> parts);         // of none: never
Stream intersection_of(std::vector<Stream> parts);  // of none: always
Stream complement_of(Stream part);
// What is at or after `from`.
Stream cut_before(Stream part, base::Moment from);

// Whether an interval of it holds `at`. Requires a stream that is exact from `at` on; reads it up
// to there.
bool holds_in(IntervalStream& stream, base::Moment at);

// The moment from which a rule that is true on `span` counts as held for `duration`; at or after
// span.to: never.
base::Moment held_start(const timeline::Span& span, base::Duration duration);
// `part` must be exact from (the moment asked for − duration) on and false before the customer is
// known.
Stream held_for(Stream part, base::Duration duration);

}  // namespace audience
