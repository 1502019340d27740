// Which line of a person's file a line of the text made of it is: what a ByteSource answers in
// line_of() whose text has other lines than the file (a cell with a line break in it, rows left
// out, one row that became two).
//
// Forgets what is behind the last line asked for. Not thread safe.
#pragma once

#include <cstdint>
#include <deque>

namespace intake {

class LineMap {
 public:
  // From line `text` of the text on lines are told from `shown` on. Both from 1; `text` rises from
  // call to call.
  void add(std::int64_t text, std::int64_t shown);
  // Lines rise from call to call. Before the first add(): the line itself.
  std::int64_t of(std::int64_t text);

 private:
  struct Run {
    std::int64_t text;
    std::int64_t shown;
  };
  std::deque<Run> runs_;  // the first is the one that was asked for last
};

}  // namespace intake
