#include "store/scrub.h"

#include <optional>
#include <string>

#include "store/scrub_sql.h"

namespace store {
namespace {

std::optional<std::string> mark(Session& session) {
  return session.one(sql::kFindScrubDue, {},
                     [](const Row& row) { return std::string(row.text(0)); });
}

}  // namespace

void mark_scrub_due(Unit& unit, std::int64_t token) {
  if (unit.dialect() != Dialect::sqlite) return;
  unit.execute(sql::kSetScrubDue, {std::to_string(token)});
}

bool is_scrub_due(Session& session) { return mark(session).has_value(); }

std::int64_t file_bytes(Session& session) {
  if (session.dialect() != Dialect::sqlite) return 0;
  const auto bytes =
      session.one(sql::kFileBytes, {}, [](const Row& row) { return row.integer(0); });
  return bytes.value_or(0);
}

bool scrub_if_due(Database& database) {
  const auto due = database.read([](Session& session) { return mark(session); });
  if (!due) return false;
  database.scrub();
  database.write("store.scrubbed", [&](Unit& unit) { unit.execute(sql::kClearScrubDue, {*due}); });
  return true;
}

}  // namespace store
