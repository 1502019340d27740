// Whether the tables of orders say what the log says. Repairs nothing: Projection::rebuild() does.
//
//   log ── read again ──▶ facts   = order_fact, event by event, position by position
//   order_fact ── order_of() ──▶ = orders, order by order
//   order_fact ── counted ─────▶ = order_revenue, quarter by quarter
//
// Facts event by event as any projection's rows (log/projection_proof.h); memory for one slice and
// for the quarters of an hour there are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "order/projection.h"

namespace order {

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
