#include "timeline/log_mark.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "timeline/log_mark_sql.h"

namespace timeline {
namespace {

constexpr int kNumbers = 8;  // columns of find_row before the properties

// Numbers hold no comma, so that no two rows give one text.
std::uint64_t digest_of(const event_log::Position& position, const store::Row& row) {
  std::string text =
      fmt::format("{},{},{}", position.epoch, position.transaction, position.sequence);
  for (int column = 0; column < kNumbers; ++column) {
    text += row.is_null(column) ? std::string(",") : fmt::format(",{}", row.integer(column));
  }
  text += ',';
  text += row.text(kNumbers);
  return XXH3_64bits(text.data(), text.size());
}

bool has_later(store::Session& session, const event_log::Position& position) {
  const auto sql =
      session.dialect() == store::Dialect::sqlite ? sql::kHasLaterSqlite : sql::kHasLaterPostgresql;
  return session
      .one(sql, {position.epoch, position.transaction, position.sequence},
           [](const store::Row&) { return true; })
      .has_value();
}

}  // namespace

std::optional<LogMark> mark_at(store::Session& session, std::string_view log_id,
                               const event_log::Position& position) {
  if (position == event_log::Position{}) return LogMark{std::string(log_id), position, 0};
  return session.one(sql::kFindRow, {position.epoch, position.transaction, position.sequence},
                     [&](const store::Row& row) {
                       return LogMark{std::string(log_id), position, digest_of(position, row)};
                     });
}

std::optional<MarkFault> fault_of(store::Session& session, std::string_view log_id,
                                  const LogMark& mark) {
  if (mark.log_id != log_id) return MarkFault::foreign;
  const auto here = mark_at(session, log_id, mark.position);
  if (here) return *here == mark ? std::nullopt : std::optional(MarkFault::differs);
  return has_later(session, mark.position) ? MarkFault::differs : MarkFault::ahead;
}

}  // namespace timeline
