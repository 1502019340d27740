// Everyone at a moment: the rows of a pin's blocks for which a rule holds, the second of the two
// ways to ask a rule. The first, evaluate.h, is its meaning: the answers are the same.
//
// Blocks are shared out among the threads of a pool by equal numbers of events. In a block the
// columns answer (mask_plan.h). Of a person of whom something has arrived since the block was made
// each test that looks at it is asked by their history, after those that do not, if they have left
// it open; new persons are asked the whole rule. Memory: 128 bytes a block, and a plan a thread;
// nothing is kept between questions. Who takes the answer away piece by piece (EveryoneWalk) needs
// those of kWalkBlocks blocks only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audience/mask_node.h"
#include "audience/question.h"
#include "base/work_pool.h"
#include "timeline/column_store.h"

namespace audience {

// What a person costs besides their events, in events.
inline constexpr std::int64_t kEventsPerRow = 8;
inline constexpr std::size_t kWalkBlocks = 8;

// What a question took, node by node; the time of all threads together.
struct NodeProfile {
  std::string rule;  // the node's part of the rule; empty: a condition looked at before its parent
  NodeCounts counts;
  std::vector<NodeProfile> parts;  // in the order they were asked
};
struct Profile {
  std::int64_t persons = 0;              // visited
  std::int64_t changed = 0;              // of them asked something by their histories
  std::int64_t changed_nanoseconds = 0;  // for those
  std::int64_t nanoseconds = 0;          // by the clock, from the plan to the answer
  NodeProfile tree;
};

// What a question is expected to take, from a sample of some hundred persons. Where persons are
// alike in all blocks its rows and bytes are within a factor of 3 of what a Profile then counts;
// the time is modelled (mask_node.h), for a machine as the one that was measured.
struct NodeEstimate {
  std::string rule;
  double share = 0;                 // of those asked who are expected to satisfy it
  double bytes = 0;                 // for one of them
  double nanoseconds = 0;           // of one core, the same
  std::vector<NodeEstimate> parts;  // in the order they will be asked
};
struct Estimate {
  std::int64_t persons = 0;  // to be visited
  std::int64_t rows = 0;     // expected to satisfy the rule
  std::int64_t bytes = 0;    // to be read
  double milliseconds = 0;   // of one core
  NodeEstimate tree;
};

// For every block of the pin the rows of the persons seen by the viewer.
std::vector<timeline::RowMask> rows_seen(const timeline::Pin& pin, const rights::Viewer& viewer);

// For every block of the pin the rows seen by the viewer for which the rule holds at the moment.
// Errors: stopped.
[[nodiscard]] base::Result<std::vector<timeline::RowMask>, QuestionFault> matching_rows(
    const timeline::Pin& pin, const Question& question, base::WorkPool& pool);

// The same answer, kWalkBlocks blocks at a time: the next are asked when those before have been
// dealt with. Borrows its arguments. One thread.
class EveryoneWalk {
 public:
  EveryoneWalk(const timeline::Pin& pin, const Question& question, base::WorkPool& pool);
  ~EveryoneWalk();
  EveryoneWalk(const EveryoneWalk&) = delete;
  EveryoneWalk& operator=(const EveryoneWalk&) = delete;

  // Whether there are blocks that have not been asked.
  bool more() const;
  // The persons of the next blocks, perhaps none, in the order of the blocks. Requires more().
  // Errors: stopped. The question's profile is not filled.
  [[nodiscard]] base::Result<std::vector<base::CustomerId>, QuestionFault> next();

 private:
  class Asking;
  const timeline::Pin& pin_;
  base::WorkPool& pool_;
  std::unique_ptr<Asking> asking_;  // null: nobody can match
  std::size_t next_ = 0;            // the first block not asked
};

// Takes about a millisecond. Does not look at the viewer: as if they saw everybody.
Estimate estimate(const timeline::Pin& pin, const Question& question);

}  // namespace audience
