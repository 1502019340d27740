#include "demo/mark.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "demo/mark_sql.h"
#include "demo/text.h"

namespace demo {
namespace {

template <typename Number>
Number number_from(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<std::string> value_of(store::Session& session, std::string_view sql) {
  return session.one(sql, {}, [](const store::Row& row) { return std::string(row.text(0)); });
}

std::string to_text(const Lived& lived) {
  return fmt::format("{} {}", lived.real.ms, lived.brand.ms);
}

}  // namespace

rights::Actor program() {
  return {.kind = rights::ActorKind::system, .name = std::string(kSource)};
}

std::optional<base::Moment> made_at(store::Session& session) {
  const auto made = value_of(session, sql::kReadMade);
  if (!made) return std::nullopt;
  return base::Moment{number_from<std::int64_t>(*made)};
}

bool is_touched(store::Session& session) {
  return session.one(sql::kReadTouch, {}, [](const store::Row&) { return true; }).has_value();
}

bool is_begun(store::Session& session) { return value_of(session, sql::kReadBegun).has_value(); }

std::optional<Origin> origin(store::Session& session) {
  const auto plan = value_of(session, sql::kReadPlan);
  if (!plan) return std::nullopt;
  const std::vector<std::string_view> parts = words(*plan);
  if (parts.size() != 5 || number_from<std::int64_t>(parts[0]) != kLivesVersion) {
    return std::nullopt;
  }
  return Origin{.seed = number_from<std::uint64_t>(parts[1]),
                .customers = number_from<std::int64_t>(parts[2]),
                .days = number_from<std::int64_t>(parts[3]),
                .zone = std::string(parts[4])};
}

std::optional<Lived> lived(store::Session& session) {
  const auto lived = value_of(session, sql::kReadLived);
  if (!lived) return std::nullopt;
  const std::vector<std::string_view> parts = words(*lived);
  if (parts.size() != 2) return std::nullopt;
  return Lived{{number_from<std::int64_t>(parts[0])}, {number_from<std::int64_t>(parts[1])}};
}

void mark_begun(store::Unit& unit, base::Moment now) {
  unit.execute(sql::kWriteBegun, {std::string_view(std::to_string(now.ms))});
}

void mark_made(store::Unit& unit, const Origin& origin, base::Moment now) {
  unit.execute(sql::kWriteMade, {std::string_view(std::to_string(now.ms))});
  unit.execute(sql::kWritePlan,
               {std::string_view(fmt::format("{} {} {} {} {}", kLivesVersion, origin.seed,
                                             origin.customers, origin.days, origin.zone))});
  unit.execute(sql::kWriteLived, {std::string_view(to_text({now, now}))});
}

bool mark_lived(store::Unit& unit, const Lived& from, const Lived& to) {
  const std::string before = to_text(from);
  const std::string behind = to_text(to);
  return unit.execute(sql::kMoveLived, {std::string_view(before), std::string_view(behind)}) == 1;
}

}  // namespace demo
