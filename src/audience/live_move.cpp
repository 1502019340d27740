#include "audience/live_move.h"

#include "audience/live_sql.h"

namespace audience {
namespace {

LiveMove read_move(SubjectId id, const store::Row& row) {
  LiveMove move;
  move.subject = id;
  move.at = base::Moment{row.integer(0)};
  move.record = row.integer(1);
  move.customer = base::CustomerId{row.integer(2)};
  move.recorded_at = base::Moment{row.integer(3)};
  move.from = row.text(4);
  move.to = row.text(5);
  move.corrected = row.integer(6) != 0;
  return move;
}

}  // namespace

void put_moves(store::Unit& unit, std::span<const LiveMove> moves) {
  if (moves.empty()) return;
  std::vector<std::vector<store::Param>> rows;
  rows.reserve(moves.size());
  for (const LiveMove& move : moves) {
    rows.push_back({name_of(move.subject.kind), move.subject.id, move.at.ms, move.record,
                    move.customer.value, move.recorded_at.ms, std::string_view(move.from),
                    std::string_view(move.to), std::int64_t{move.corrected}});
  }
  unit.execute_batch(sql::kPutMove, rows);
}

std::vector<LiveMove> moves_of(store::Session& session, SubjectId id, const MovesWanted& wanted) {
  std::vector<LiveMove> moves;
  session.query(sql::kMovesOf,
                {name_of(id.kind), id.id, wanted.from.ms, wanted.before.at.ms, wanted.before.record,
                 std::string_view(wanted.to), wanted.rows},
                [&](const store::Row& row) { moves.push_back(read_move(id, row)); });
  return moves;
}

std::vector<LiveMove> moves_of_customers(store::Session& session, SubjectId id,
                                         std::span<const base::CustomerId> customers,
                                         base::Moment from) {
  std::vector<LiveMove> moves;
  for (const base::CustomerId customer : customers) {
    session.query(sql::kMovesOfCustomer, {name_of(id.kind), id.id, customer.value, from.ms},
                  [&](const store::Row& row) { moves.push_back(read_move(id, row)); });
  }
  return moves;
}

bool forget_moves(store::Unit& unit, base::Moment before) {
  std::vector<std::pair<std::string, std::int64_t>> subjects;
  unit.query(sql::kMovedSubjects, {},
             [&](const store::Row& row) { subjects.emplace_back(row.text(0), row.integer(1)); });
  bool more = false;
  for (const auto& [kind, id] : subjects) {
    const std::int64_t gone = unit.execute(
        sql::kForgetMoves, {std::string_view(kind), id, before.ms, kMovesForgottenAtOnce});
    more |= gone == kMovesForgottenAtOnce;
  }
  return more;
}

void erase_moves(store::Unit& unit, std::span<const base::CustomerId> customers) {
  for (const base::CustomerId customer : customers) {
    unit.execute(sql::kEraseMoves, {customer.value});
  }
}

void erase_moves_of_nobody(store::Unit& unit) { unit.execute(sql::kEraseMovesOfNobody, {}); }

}  // namespace audience
