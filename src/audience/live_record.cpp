#include "audience/live_record.h"

#include <algorithm>

namespace audience {

using base::Moment;

State StateCourse::at(Moment moment) const {
  State state = start;
  for (const StateChange& change : changes) {
    if (change.at > moment) break;
    state = change.to;
  }
  return state;
}

StateCourse StateCourse::since(Moment from) const {
  StateCourse course{at(from), {}};
  for (const StateChange& change : changes) {
    if (change.at > from) course.changes.push_back(change);
  }
  return course;
}

StateCourse believed(State state, std::span<const LiveRecord> records) {
  if (records.empty()) return {state, {}};
  std::vector<LiveRecord> sorted(records.begin(), records.end());
  std::ranges::sort(sorted, {}, &LiveRecord::number);
  std::vector<LiveRecord> standing;
  for (const LiveRecord& record : sorted) {
    while (!standing.empty() && standing.back().at >= record.at) standing.pop_back();
    standing.push_back(record);
  }
  StateCourse course{standing.front().from, {}};
  for (const LiveRecord& record : standing) {
    if (record.to != course.last()) course.changes.push_back({record.at, record.to});
  }
  return course;
}

namespace {

// How many changes at the beginning are the same.
std::size_t common_changes(const StateCourse& left, const StateCourse& right) {
  const auto [in_left, in_right] = std::ranges::mismatch(left.changes, right.changes);
  return static_cast<std::size_t>(in_left - left.changes.begin());
}

}  // namespace

std::vector<DueRecord> due_records(const StateCourse& belief, const StateCourse& truth,
                                   const Looked& looked) {
  StateCourse old = belief.since(looked.from);
  std::erase_if(old.changes, [&](const StateChange& change) { return change.at >= looked.until; });
  if (old == truth) return {};
  std::vector<DueRecord> due;
  const bool starts_alike = old.start == truth.start;
  std::size_t next = starts_alike ? common_changes(old, truth) : 0;
  State state = next == 0 ? truth.start : truth.changes[next - 1].to;
  const bool is_appended = starts_alike && next == old.changes.size();
  if (!starts_alike) {
    due.push_back({looked.from, old.start, truth.start, true});
  } else if (!is_appended) {
    const Moment void_from = old.changes[next].at;
    if (next == truth.changes.size() || void_from < truth.changes[next].at) {
      due.push_back({void_from, state, state, true});
    }
  }
  for (; next < truth.changes.size(); ++next) {
    due.push_back({truth.changes[next].at, state, truth.changes[next].to, !is_appended});
    state = truth.changes[next].to;
  }
  // Only what holds now may start things: the last record is a real one when it is a change, and
  // the state of now is another one than was believed.
  const bool is_change = due.back().from != due.back().to;
  if (is_change && old.last() != truth.last()) due.back().corrected = false;
  return due;
}

}  // namespace audience
