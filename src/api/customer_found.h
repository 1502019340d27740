// Whom a table of customers is about: those a search finds, those for whom a rule holds, or
// everybody the caller sees; and in which order.
//
// Of one request and its thread; borrows the call and the pin.
#pragma once

#include <boost/describe.hpp>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/asked.h"
#include "api/call.h"
#include "audience/question.h"
#include "audience/sorted.h"
#include "timeline/column_store.h"

namespace api {

// Of a search that is sorted, everybody is found first; of more the search says too little.
inline constexpr std::size_t kSortedFoundMax = 5000;

// A place of the pin that is this very person's: tables may know of a merge the pin does not.
std::optional<timeline::Pin::Place> place_in(const timeline::Pin& pin, base::CustomerId person);

// How a body asks for an order.
struct SortBody {
  std::string column;  // attribute:NAME, created_at, first_event_at, last_event_at
  std::optional<bool> descending;
};
BOOST_DESCRIBE_STRUCT(SortBody, (), (column, descending))
// Refuses other columns.
audience::SortOrder sort_order(Call& call, const SortBody& body, base::Moment at);

struct Whom {
  const timeline::Pin& pin;
  base::Moment at;
  const std::optional<Asked>& asked;
  std::string_view search;
};

// Found by what was typed, without one the newest; of a rule those for whom it holds.
class FoundPeople {
 public:
  FoundPeople(Call& call, const Whom& whom);

  struct Page {
    std::vector<audience::Listed> people;
    std::string next;  // `after` of the next; empty: this was the last
  };
  // At most `rows` and 500. Refuses a mark that is none.
  Page page(const std::string& after, std::size_t rows) const;

 private:
  bool holds(const timeline::Pin::Place& place) const;

  Call& call_;
  Whom whom_;
  std::set<base::CustomerId> left_out_;  // persons; a test account is in no answer to a rule
};

// The first of them in an order. Refused when the search finds too many, or the turn is stopped.
struct SortedCut {
  const audience::SortOrder& order;
  std::size_t limit;
  std::optional<audience::Sorted> after = std::nullopt;
};
std::vector<audience::Sorted> sorted_people(Call& call, const Whom& whom, const SortedCut& asked,
                                            Questions::Turn& turn);

}  // namespace api
