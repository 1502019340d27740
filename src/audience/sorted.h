// People in the order of a column: of an attribute's value, or of when they came or did something.
//
// Exact over everybody, page by page: those without a value come last whichever way it goes, equal
// ones by id. Texts are in byte order, lists in that of their one spelling. Read from the memory
// columns by the threads of a pool, and from the histories of persons of whom something has arrived
// since; nothing is kept between questions. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audience/question.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "base/work_pool.h"
#include "timeline/column_store.h"

namespace audience {

enum class SortBy : std::uint8_t { attribute, created_at, first_event_at, last_event_at };

struct SortOrder {
  SortBy by = SortBy::created_at;
  base::AttributeId attribute = {};
  std::vector<base::EventTypeId> events = {};  // that count as such, ascending
  base::Moment at = {};                        // values and events up to it
  bool descending = false;
};

// What a person has in the column: nothing, a number in the values' order, or a text.
using SortValue = std::variant<std::monostate, std::int64_t, std::string>;
struct Sorted {
  SortValue value;
  base::CustomerId person;
  friend bool operator==(const Sorted&, const Sorted&) = default;
};
bool comes_before(const Sorted& left, const Sorted& right, bool descending);

// The value of a base::Value.
SortValue sort_value(const base::Value& value);

// The mark of the page behind this one, and back; nothing: it is none. It tells the value.
std::string mark_of(const Sorted& last);
std::optional<Sorted> sorted_from(std::string_view mark);

struct SortCut {
  std::size_t limit = 0;                       // at least 1
  std::optional<Sorted> after = std::nullopt;  // the last of the page before
  std::stop_token stop = {};
};
struct SortQuestion {
  const SortOrder& order;
  const SortCut& cut;
};
// The first `limit` of the people in these rows, one mask for each block of the pin, behind
// `after`. Errors: stopped.
[[nodiscard]] base::Result<std::vector<Sorted>, QuestionFault> sorted(
    const timeline::Pin& pin, std::span<const timeline::RowMask> rows, const SortQuestion& question,
    base::WorkPool& pool);

}  // namespace audience
