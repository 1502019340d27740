// Pages of the people who satisfy a rule (docs/decisions/0013): all of one moment, none of an
// earlier state of the log than the first, no state on the server between them.
//
// `next` of a page is "moment:position:cursor", sealed where phones are masked.
#pragma once

#include <optional>
#include <string>

#include "api/asked.h"
#include "api/call.h"
#include "audience/question.h"

namespace api {

// Where a page begins, as the `next` of the one before says; the first: nothing of it.
struct PageStart {
  std::optional<base::Moment> at;
  std::optional<std::string> position;  // what the first page was of
  std::optional<std::string> after;
};
// Refuses a mark that is none of ours.
PageStart page_start(Call& call, const std::optional<std::string>& shown);

// The page's size as asked; over the socket up to audience::kListPageMax. Refuses another.
std::size_t page_rows(Call& call, const std::optional<std::int64_t>& limit);

struct AskedPage {
  const Asked& asked;
  base::Moment at;
  audience::ListCut cut;
};
// `position`: everything up to it is in it. The moment is the one asked, or of a live audience
// perhaps a little later.
struct RulePage {
  std::vector<audience::Listed> people;
  std::optional<std::string> next;
  base::Moment at;
  event_log::Position position;
};
// Of a live audience as it is known, else by asking the columns. Refused when it is stopped.
RulePage rule_page(Call& call, const timeline::Pin& pin, const AskedPage& page,
                   Questions::Turn& turn);

// The mark as the caller may see it; null at the end. `position`: of the pin.
struct PageEnd {
  base::Moment at;
  event_log::Position position;
  std::optional<std::string> next;
};
boost::json::value next_page(Call& call, const PageStart& start, const PageEnd& end);

// The moment of the log an answer is of, and whether that is all there was when it was asked.
boost::json::object with_position(boost::json::object answer, const Call::Pinned& pinned);

}  // namespace api
