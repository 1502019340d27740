#include "log/projection_proof.h"

#include <set>

namespace event_log {
namespace {

constexpr base::Duration kPatience{10'000};

struct Slice {
  Position through;
  std::int64_t rows = 0;
  bool more = false;
  bool settled = false;  // the tables stand where the log ends
  ProjectedTexts told;
  ProjectedTexts kept;
};

Slice slice_after(const ProjectionProofMeans& means, const Position& at) {
  return means.database.read([&](store::Session& session) {
    Slice slice;
    const auto reached = position_of(session, means.projection.reader()).value_or(Position{});
    const auto types = means.log.catalog().of(session);
    const auto wanted = means.types_of(*types);
    const Reading reading = read_after(session, at, {.types = wanted});
    std::span<const Event> events = reading.events;
    while (!events.empty() && events.back().position > reached) {
      events = events.first(events.size() - 1);
    }
    slice.told = means.told(session, *types, events);
    slice.through = reading.more ? reading.through : kPositionMax;
    slice.rows = static_cast<std::int64_t>(reading.events.size());
    slice.more = reading.more;
    slice.settled = means.log.newest(session) <= reached;
    slice.kept = means.kept(session, at, slice.through);
    return slice;
  });
}

void compare(const Slice& slice, std::vector<Position>& wrong) {
  std::set<Position> positions;
  for (const auto& [position, text] : slice.told) positions.insert(position);
  for (const auto& [position, text] : slice.kept) positions.insert(position);
  for (const Position& position : positions) {
    const auto told = slice.told.find(position);
    const auto kept = slice.kept.find(position);
    const bool both = told != slice.told.end() && kept != slice.kept.end();
    if (both && told->second == kept->second) continue;
    if (wrong.size() < kProofProblemsMax) wrong.push_back(position);
  }
}

}  // namespace

ProjectionProof prove_rows(const ProjectionProofMeans& means) {
  ProjectionProof proof;
  // What is not reached is not compared.
  (void)means.projection.catch_up(kPatience);
  Position at;
  for (bool more = true; more && !proof.stopped && proof.wrong.size() < kProofProblemsMax;) {
    Slice slice = slice_after(means, at);
    for (int tries = 1; slice.told != slice.kept && !slice.settled && tries < kProofTriesMax;
         ++tries) {
      (void)means.projection.catch_up(kPatience);
      slice = slice_after(means, at);
    }
    compare(slice, proof.wrong);
    proof.rows += static_cast<std::int64_t>(slice.told.size());
    at = slice.through;
    more = slice.more;
    if (means.go_on && !means.go_on(slice.rows)) proof.stopped = true;
  }
  return proof;
}

}  // namespace event_log
