#include "audience/sorted.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <mutex>

#include "base/check.h"
#include "base/text.h"
#include "timeline/value_column.h"

namespace audience {

using timeline::Block;
using timeline::Pin;
using timeline::RowMask;
using timeline::Stream;

namespace {

constexpr std::size_t kTasksPerThread = 8;
constexpr char kNothing = 'e';
constexpr char kNumber = 'n';
constexpr char kText = 't';

// How many entries of the range are at or before the moment; few lie ahead.
std::uint32_t end_at(const Stream& stream, timeline::EntryRange range, base::Moment at) {
  while (!range.empty() && stream.time(range.end - 1) > at) --range.end;
  return range.end;
}

timeline::Mentions mentions_of(const SortOrder& order) {
  timeline::Mentions mentions;
  if (order.by == SortBy::attribute) mentions.attributes.push_back(order.attribute);
  if (order.by == SortBy::first_event_at || order.by == SortBy::last_event_at) {
    mentions.events = order.events;
  }
  return mentions;
}

struct Before {
  bool descending;
  bool operator()(const Sorted& left, const Sorted& right) const {
    return comes_before(left, right, descending);
  }
};

// The best of those seen so far, at most `limit` behind `after`.
class Best {
 public:
  Best(const SortCut& cut, bool descending) : cut_(cut), descending_(descending) {}

  void add(Sorted person) {
    if (cut_.after && !comes_before(*cut_.after, person, descending_)) return;
    if (is_cut_ && !comes_before(person, people_[cut_.limit - 1], descending_)) return;
    people_.push_back(std::move(person));
    if (people_.size() >= 2 * cut_.limit + kSlack) cut();
  }
  void add(Best&& other) {
    for (Sorted& person : other.people_) add(std::move(person));
  }
  std::vector<Sorted> take() {
    std::ranges::sort(people_, Before{descending_});
    if (people_.size() > cut_.limit) people_.resize(cut_.limit);
    return std::move(people_);
  }

 private:
  static constexpr std::size_t kSlack = 64;

  // Leaves the best, the worst of them last.
  void cut() {
    const auto last = people_.begin() + static_cast<std::ptrdiff_t>(cut_.limit) - 1;
    std::ranges::nth_element(people_, last, Before{descending_});
    people_.resize(cut_.limit);
    is_cut_ = true;
  }

  const SortCut& cut_;
  bool descending_;
  std::vector<Sorted> people_;
  bool is_cut_ = false;  // the `limit`-th is the worst that counts
};

class Sorting {
 public:
  Sorting(const Pin& pin, const SortOrder& order)
      : pin_(pin), order_(order), mentions_(mentions_of(order)) {}

  void read(std::size_t block, const RowMask& rows, Best& best) const {
    if (rows.none()) return;
    if (order_.by == SortBy::created_at) {
      rows.each([&](std::size_t row) {
        best.add({moment_value(pin_.created_at(block, row)), pin_.person(block, row)});
      });
      return;
    }
    const RowMask changed = pin_.changed(block, mentions_) & rows;
    changed.each([&](std::size_t row) {
      best.add({of_history(*pin_.history(block, row)), pin_.person(block, row)});
    });
    const RowMask rest = rows - changed;
    if (order_.by == SortBy::attribute) {
      read_attribute(block, rest, best);
    } else {
      read_events(block, rest, best);
    }
  }

 private:
  static SortValue moment_value(base::Moment moment) {
    if (moment == base::kMomentMax) return {};
    return moment.ms;
  }

  void read_attribute(std::size_t block, const RowMask& rows, Best& best) const {
    const Block& columns = pin_.block(block);
    const Stream* stream = columns.attribute(order_.attribute);
    const timeline::ValueColumn* column = stream == nullptr ? nullptr : stream->column({});
    rows.each([&](std::size_t row) {
      SortValue value;
      if (column != nullptr && stream->rows().has(row)) {
        const auto range = stream->range(row);
        const std::uint32_t end = end_at(*stream, range, order_.at);
        const std::uint64_t code = end > range.begin ? column->code(end - 1) : 0;
        if (code != 0 && column->dictionary_size() == 0) {
          value = column->number_of(code);
        } else if (code != 0) {
          value = sort_value(column->value_of(code));
        }
      }
      best.add({std::move(value), columns.person(row)});
    });
  }

  void read_events(std::size_t block, const RowMask& rows, Best& best) const {
    const Block& columns = pin_.block(block);
    const bool first = order_.by == SortBy::first_event_at;
    std::array<base::Moment, timeline::kBlockRows> edges;
    edges.fill(base::kMomentMax);
    for (const base::EventTypeId type : columns.event_types()) {
      if (!std::ranges::binary_search(order_.events, type)) continue;
      const Stream& stream = *columns.events(type);
      (stream.rows() & rows).each([&](std::size_t row) {
        const auto range = stream.range(row);
        const std::uint32_t end = end_at(stream, range, order_.at);
        if (end == range.begin) return;
        const base::Moment time = stream.time(first ? range.begin : end - 1);
        const bool is_edge =
            edges[row] == base::kMomentMax || (first ? time < edges[row] : time > edges[row]);
        if (is_edge) edges[row] = time;
      });
    }
    rows.each([&](std::size_t row) { best.add({moment_value(edges[row]), columns.person(row)}); });
  }

  SortValue of_history(const timeline::History& history) const {
    if (order_.by == SortBy::attribute) {
      const auto changes = history.attribute(order_.attribute);
      const auto behind =
          std::ranges::upper_bound(changes, order_.at, {}, &timeline::AttributeChange::since);
      if (behind == changes.begin() || !std::prev(behind)->value) return {};
      return sort_value(*std::prev(behind)->value);
    }
    std::optional<base::Moment> edge;
    for (const base::EventTypeId type : order_.events) {
      const auto events = history.events(type);
      const auto behind = std::ranges::upper_bound(events, order_.at, {}, &timeline::EventAt::time);
      if (behind == events.begin()) continue;
      if (order_.by == SortBy::first_event_at) {
        edge = std::min(edge.value_or(events.front().time), events.front().time);
      } else {
        const base::Moment last = std::prev(behind)->time;
        edge = std::max(edge.value_or(last), last);
      }
    }
    return edge ? SortValue(edge->ms) : SortValue();
  }

  const Pin& pin_;
  const SortOrder& order_;
  timeline::Mentions mentions_;
};

template <typename Number>
bool read_whole(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size();
}

}  // namespace

bool comes_before(const Sorted& left, const Sorted& right, bool descending) {
  const bool left_nothing = std::holds_alternative<std::monostate>(left.value);
  const bool right_nothing = std::holds_alternative<std::monostate>(right.value);
  if (left_nothing != right_nothing) return right_nothing;
  if (left.value != right.value) return (left.value < right.value) != descending;
  return left.person < right.person;
}

SortValue sort_value(const base::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (base::type_of(value) == base::ValueType::text_list) return base::to_text(value);
  return timeline::column_number(value);
}

std::string mark_of(const Sorted& last) {
  std::string mark = std::to_string(last.person.value) + ":";
  if (const auto* number = std::get_if<std::int64_t>(&last.value)) {
    return mark + kNumber + std::to_string(*number);
  }
  if (const auto* text = std::get_if<std::string>(&last.value)) return mark + kText + *text;
  return mark + kNothing;
}

std::optional<Sorted> sorted_from(std::string_view mark) {
  const std::size_t colon = mark.find(':');
  Sorted last;
  if (colon == mark.npos || colon + 1 == mark.size()) return std::nullopt;
  if (!read_whole(mark.substr(0, colon), last.person.value)) return std::nullopt;
  const std::string_view value = mark.substr(colon + 2);
  switch (mark[colon + 1]) {
    case kNothing:
      return value.empty() ? std::optional(last) : std::nullopt;
    case kText:
      last.value = std::string(value);
      return last;
    case kNumber: {
      std::int64_t number = 0;
      if (!read_whole(value, number)) return std::nullopt;
      last.value = number;
      return last;
    }
    default:
      return std::nullopt;
  }
}

base::Result<std::vector<Sorted>, QuestionFault> sorted(const Pin& pin,
                                                        std::span<const RowMask> rows,
                                                        const SortQuestion& question,
                                                        base::WorkPool& pool) {
  const auto& [order, cut] = question;
  CHECK(rows.size() == pin.blocks() && cut.limit > 0);
  const Sorting sorting(pin, order);
  Best best(cut, order.descending);
  std::mutex mutex;
  const std::size_t tasks = std::min(rows.size(), (pool.threads() + 1) * kTasksPerThread);
  const bool descending = order.descending;
  const bool whole = pool.run(
      tasks,
      [&](std::size_t task) {
        Best here(question.cut, descending);
        const std::size_t end = (task + 1) * rows.size() / tasks;
        for (std::size_t block = task * rows.size() / tasks; block < end; ++block) {
          if (question.cut.stop.stop_requested()) return;
          sorting.read(block, rows[block], here);
        }
        const std::scoped_lock lock(mutex);
        best.add(std::move(here));
      },
      cut.stop);
  if (!whole || cut.stop.stop_requested()) return base::unexpected(QuestionFault::stopped);
  return best.take();
}

}  // namespace audience
