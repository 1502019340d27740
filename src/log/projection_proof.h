// Whether the rows a projection keeps of single events are what the log says, position by position.
// What it makes of them its own module proves. Repairs nothing: Projection::rebuild() does.
//
// Everything is read in slices and compared as it comes. What is written meanwhile is followed
// first; a slice that differs while the log has gone on is looked at again, kProofTriesMax times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "log/projection.h"

namespace event_log {

inline constexpr int kProofTriesMax = 5;
inline constexpr std::size_t kProofProblemsMax = 1000;  // further ones are not looked for

// Rows as text: two are the same when their texts are.
using ProjectedTexts = std::map<Position, std::string>;

struct ProjectionProofMeans {
  store::Database& database;
  Log& log;
  Projection& projection;
  std::function<std::vector<base::EventTypeId>(const EventTypes&)> types_of;
  // What the tables should hold of these events; of some it may be nothing.
  std::function<ProjectedTexts(store::Session&, const EventTypes&, std::span<const Event>)> told;
  // What they hold behind `after` up to `through`.
  std::function<ProjectedTexts(store::Session&, const Position& after, const Position& through)>
      kept;
  // After every slice, with the rows looked at; false: stop. Empty: nobody asks.
  std::function<bool(std::int64_t rows)> go_on = {};
};
struct ProjectionProof {
  std::int64_t rows = 0;        // that should be there
  std::vector<Position> wrong;  // rising
  bool stopped = false;         // then the rest means nothing
};
ProjectionProof prove_rows(const ProjectionProofMeans& means);

}  // namespace event_log
