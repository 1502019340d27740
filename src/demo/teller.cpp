#include "demo/teller.h"

#include <fmt/format.h>

#include <array>

#include "base/value.h"
#include "demo/text.h"

namespace demo {
namespace {

// Of a hundred comings: how many fall into each hour.
constexpr std::array<int, 24> kHours = {0, 0, 0, 0,  0, 0, 0, 1, 3, 6, 9, 8,
                                        5, 5, 8, 10, 9, 6, 5, 7, 8, 6, 3, 1};

}  // namespace

base::Moment Today::moment() const {
  std::int64_t left = dice.between(0, 99);
  std::size_t hour = 0;
  while (hour + 1 < kHours.size() && (left -= kHours[hour]) >= 0) ++hour;
  return start() + hours(static_cast<std::int64_t>(hour)) +
         base::Duration{dice.between(0, base::kHour.ms - 1)};
}

void Teller::event(std::string_view name, base::Moment time,
                   std::initializer_list<Property> properties) {
  if (time < life_.created_at) return;
  event_log::NewEvent event{.customer = life_.id,
                            .name = std::string(name),
                            .time = time,
                            .properties = {},
                            .key = std::nullopt,
                            .ordinal = std::nullopt};
  for (const auto& [property, value] : properties) event.properties.emplace(property, value);
  life_.events.push_back(std::move(event));
}

void Teller::tag(std::string_view name, base::Moment since, bool added) {
  life_.tags.push_back({fmt::format("{}/{}", text("care_group").text, name), since, added});
}

void Teller::level(std::string_view level, base::Moment since) {
  life_.attributes.push_back({"level", base::Value(std::string(level)), {}, since});
}

}  // namespace demo
