// Whether the tables of orders say what the log says. Repairs nothing: Projection::rebuild() does.
//
//   log ── read again ──▶ facts   = order_fact, event by event, position by position
//   order_fact ── order_of() ──▶ = orders, order by order
//   order_fact ── counted ─────▶ = order_revenue, quarter by quarter
//
// Everything is read in slices and compared as it comes: memory for one slice and for the quarters
// of an hour there are. What is written meanwhile is followed first; a slice that differs while the
// log has gone on is looked at again, kProofTriesMax times.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "order/projection.h"

namespace order {

inline constexpr int kProofTriesMax = 5;
inline constexpr std::int64_t kProofRowsAtOnce = 20'000;
inline constexpr std::size_t kProofProblemsMax = 1000;  // further ones are not looked for

struct ProofMeans {
  store::Database& database;
  event_log::Log& log;
  Projection& projection;
  const Persons& persons;
  // After every slice, with the rows looked at; false: stop. Empty: nobody asks.
  std::function<bool(std::int64_t rows)> go_on = {};
};
struct Proof {
  std::int64_t facts = 0;          // in the log
  std::vector<std::string> wrong;  // "event <position>", "order <id>", "quarter <ms>"
  bool stopped = false;            // then the rest means nothing
};
Proof prove(const ProofMeans& means);

}  // namespace order
