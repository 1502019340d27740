// Questions to a folder that load() has filled, one JSON object a line in and out, so that they can
// be asked in turn with those to a peer.
//
//   {"save": "regulars", "rule": "…"}                       a saved audience, unless it is there
//   {"rule": "…", "at": ms, "threads": 1, "answer": path}   everyone: the customers' numbers,
//                                                           sorted, 32 bits each
//   {"rule": "…", "at": ms, "events": 1000}                 one customer of about so many events:
//                                                           microseconds evaluated and explained
//   {"state": true}      how long opening took, memory in its parts, persons, events
//   {"snapshot": true}   writes the snapshot where the server looks for it, opens it once more
//
// Replies hold wall and CPU seconds of the whole process, or "error".
#pragma once

#include <iosfwd>
#include <string>

namespace bench {

struct AskOptions {
  std::string folder;
  std::uint64_t events = 0;  // as loaded
};

// Until the input ends.
void answer_questions(const AskOptions& options, std::istream& in, std::ostream& out);

}  // namespace bench
