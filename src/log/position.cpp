#include "log/position.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/check.h"
#include "log/event_sql.h"
#include "store/database.h"

namespace event_log {
namespace {

constexpr std::size_t kPartsMax = 3;

// Digits only, without a sign and without zeros in front: one spelling for each position.
std::optional<std::int64_t> part_from(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || text.front() == '-') return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

}  // namespace

std::vector<Position> next_positions(store::Unit& unit, std::size_t count) {
  const auto wanted = static_cast<std::int64_t>(count);
  std::vector<Position> positions;
  positions.reserve(count);
  if (unit.dialect() == store::Dialect::sqlite) {
    unit.query(sql::kNextPositionSqlite, {}, [&](const store::Row& row) {
      const std::int64_t first = row.integer(0);
      for (std::int64_t i = 0; i < wanted; ++i) positions.push_back({0, 0, first + i});
    });
  } else {
    unit.query(sql::kNextPositionsPostgresql, {wanted}, [&](const store::Row& row) {
      positions.push_back({row.integer(0), row.integer(1), row.integer(2)});
    });
  }
  CHECK(positions.size() == count);
  return positions;
}

std::string to_text(const Position& position) {
  if (position.epoch == 0 && position.transaction == 0) return std::to_string(position.sequence);
  return fmt::format("{}-{}-{}", position.epoch, position.transaction, position.sequence);
}

std::optional<Position> position_from(std::string_view text) {
  std::array<std::int64_t, kPartsMax> parts{};
  std::size_t count = 0;
  while (true) {
    if (count == kPartsMax) return std::nullopt;
    const std::size_t end = text.find('-');
    const auto part = part_from(text.substr(0, end));
    if (!part) return std::nullopt;
    parts[count++] = *part;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  if (count == 1) return Position{0, 0, parts[0]};
  if (count == kPartsMax) return Position{parts[0], parts[1], parts[2]};
  return std::nullopt;
}

}  // namespace event_log
