#include "timeline/log_mark.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "base/moment.h"
#include "timeline/log_mark_sql.h"

namespace timeline {
namespace {

// Columns of find_row.
constexpr int kState = 0;
constexpr int kKeptEnd = 6;  // what a void row keeps, from the state on
constexpr int kTimesEnd = 8;
constexpr int kProperties = 9;
constexpr std::int64_t kVoid = 1;

struct Mark {
  LogMark mark;
  bool is_void = false;
};

std::uint64_t digest_of(const std::string& text) { return XXH3_64bits(text.data(), text.size()); }

// Numbers hold no comma, so that no two rows give one text.
Mark mark_of(std::string_view log_id, const event_log::Position& position, const store::Row& row) {
  std::string kept =
      fmt::format("{},{},{}", position.epoch, position.transaction, position.sequence);
  const auto add = [&](std::string& text, int column) {
    text += row.is_null(column) ? std::string(",") : fmt::format(",{}", row.integer(column));
  };
  for (int column = kState + 1; column < kKeptEnd; ++column) add(kept, column);
  std::string all = kept;
  for (int column = kKeptEnd; column < kTimesEnd; ++column) {
    kept += fmt::format(",{}", row.integer(column) / base::kDay.ms);  // as void_row cuts them
  }
  for (int column = kKeptEnd; column < kProperties; ++column) add(all, column);
  all += ',';
  all += row.text(kProperties);
  return {{std::string(log_id), position, digest_of(all), digest_of(kept)},
          row.integer(kState) == kVoid};
}

std::optional<Mark> find_mark(store::Session& session, std::string_view log_id,
                              const event_log::Position& position) {
  if (position == event_log::Position{}) return Mark{{std::string(log_id), position, 0, 0}, false};
  return session.one(sql::kFindRow, {position.epoch, position.transaction, position.sequence},
                     [&](const store::Row& row) { return mark_of(log_id, position, row); });
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
  auto found = find_mark(session, log_id, position);
  if (!found) return std::nullopt;
  return std::move(found->mark);
}

std::optional<MarkFault> fault_of(store::Session& session, std::string_view log_id,
                                  const LogMark& mark) {
  if (mark.log_id != log_id) return MarkFault::foreign;
  if (const auto here = find_mark(session, log_id, mark.position)) {
    const bool same = here->is_void ? here->mark.kept == mark.kept : here->mark == mark;
    return same ? std::nullopt : std::optional(MarkFault::differs);
  }
  return has_later(session, mark.position) ? MarkFault::differs : MarkFault::ahead;
}

}  // namespace timeline
