#include "log/notice.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"
#include "log/event_sql.h"

namespace event_log {
namespace {

constexpr std::string_view kPersonKind = "person";
constexpr std::string_view kBatchKind = "batch";

// A positive id; nothing for anything else.
template <typename Id>
std::optional<NoticeSubject> id_in(const boost::json::object& notice, std::string_view name) {
  const auto* value = notice.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() <= 0) return std::nullopt;
  return Id{value->get_int64()};
}

}  // namespace

std::string notice_text(const NoticeSubject& subject) {
  if (const auto* customer = std::get_if<base::CustomerId>(&subject)) {
    return fmt::format(R"({{"kind":"{}","customer":{}}})", kPersonKind, customer->value);
  }
  return fmt::format(R"({{"kind":"{}","batch":{}}})", kBatchKind,
                     std::get<base::BatchId>(subject).value);
}

std::optional<NoticeSubject> notice_subject_from(std::string_view properties) {
  const auto value = base::parse_stored_json(properties);
  if (!value || !value->is_object()) return std::nullopt;
  const boost::json::object& notice = value->get_object();
  const auto* kind = notice.if_contains("kind");
  if (kind == nullptr || !kind->is_string()) return std::nullopt;
  if (kind->get_string() == kPersonKind) return id_in<base::CustomerId>(notice, "customer");
  if (kind->get_string() == kBatchKind) return id_in<base::BatchId>(notice, "batch");
  return std::nullopt;
}

Position write_notices(store::Unit& unit, std::span<const NoticeSubject> subjects,
                       base::Moment now) {
  CHECK(!subjects.empty());
  const bool sqlite = unit.dialect() == store::Dialect::sqlite;
  const std::vector<Position> positions = next_positions(unit, subjects.size());
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const Position& at = positions[i];
    const std::string text = notice_text(subjects[i]);
    if (sqlite) {
      unit.execute(sql::kAddNoticeSqlite, {at.sequence, now.ms, text});
    } else {
      unit.execute(sql::kAddNoticePostgresql,
                   {at.epoch, at.transaction, at.sequence, now.ms, text});
    }
  }
  return positions.back();
}

std::vector<Notice> notices_after(store::Session& session, const Position& after) {
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  std::vector<Notice> notices;
  session.query(sqlite ? sql::kNoticesAfterSqlite : sql::kNoticesAfterPostgresql,
                {after.epoch, after.transaction, after.sequence}, [&](const store::Row& row) {
                  const Position position{row.integer(0), row.integer(1), row.integer(2)};
                  const auto subject = notice_subject_from(row.text(3));
                  if (subject) notices.push_back({position, *subject});
                });
  return notices;
}

}  // namespace event_log
