// Text scenarios: requests and the answers they must get, against the whole program in one process.
//
//   # a comment
//   clock 2026-01-31T08:00:00.000+08:00      the made clock stands here from now on
//   advance 1h                               and moves
//   as owner                                 requests carry the owner's session and its CSRF token
//   as nobody | as key SECRET | as local     … no sign-in, an API key, the command line's socket
//   as user NAME PASSWORD                    … somebody who signs in (once)
//   as owner anew                            … the owner, signed in once more
//   as owner without-csrf                    … a session whose requests lack the token
//   header Accept-Language: en               a header of the next request only
//   hold                                     the next request, a heavy question, stands still after
//                                            its first slice
//   release                                  and goes on: its answer is looked at now
//   carry                                    what stands in the outbox goes out
//   live                                     live audiences are brought up to now
//   POST /api/v1/events
//   {"events": [{"customer": "a", "event": "order_paid"}], "mode": "live"}
//   => 201
//   {"accepted": 1, "repeated": 0, "position": "$p="}
//
// A body runs to the next "=>" line, an expected body to the next blank line. A body that begins
// with "text/csv" on its first line is sent as that, without that line. In expected JSON "*" stands
// for anything, "$p=" takes the value as $p (later lines replace "$p" by it), "..." as a member
// allows further members, "..." as the last element further elements. Without an expected body only
// the status is checked. `!text` lines after the expected body: must not occur in the answer.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenario {

struct Exchange {
  std::size_t line = 0;
  std::string method;
  std::string target;
  std::string content_type;
  std::string body;
  int status = 0;
  std::optional<std::string> expected;
  std::vector<std::string> forbidden;
};

struct Command {
  std::size_t line = 0;
  std::string word;  // clock, advance, as, header, hold, release, carry, live
  std::string argument;
};

struct Line {
  std::optional<Command> command;
  std::optional<Exchange> exchange;
};

// Throws std::runtime_error with the line of what cannot be read.
std::vector<Line> read(std::string_view text);

// Empty when `actual` is as expected; else where it differs first. Captures fill `variables`.
std::string difference(const boost::json::value& expected, const boost::json::value& actual,
                       std::map<std::string, std::string>& variables);

// Every "$name" that is known, replaced.
std::string substitute(std::string text, const std::map<std::string, std::string>& variables);

}  // namespace scenario
