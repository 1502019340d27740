// For tests: rows of a seed, with every type of value, missing and wrong ones, equal times, late
// events, changes of everything that can change.
#pragma once

#include <limits>
#include <random>

#include "base/check.h"
#include "timeline/test_rows.h"

namespace timeline {

struct RandomRows {
  std::uint64_t seed = 1;
  std::size_t rows = 10;
  std::size_t events_max = 30;  // of a row
  std::int64_t span_ms = 60;    // few: many events in one millisecond
  bool wide = false;            // numbers over all 64 bits
};

class RandomRowsMaker {
 public:
  explicit RandomRowsMaker(const RandomRows& wanted) : wanted_(wanted), random_(wanted.seed) {}

  Rows make() {
    RowsBuilder build;
    for (std::size_t row = 0; row < wanted_.rows; ++row) {
      if (below(10) == 0) {
        build.person({0});  // left empty
        continue;
      }
      const bool created = below(5) != 0;
      build.person({1 + below(1LL << 53)}, created ? moment() : base::kMomentMax);
      const std::int64_t events = below(static_cast<std::int64_t>(wanted_.events_max) + 1);
      for (std::int64_t i = 0; i < events; ++i) add_event(build);
    }
    return build.rows();
  }

 private:
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
  }
  base::Moment moment() { return {1'760'000'000'000 + below(wanted_.span_ms)}; }

  std::int64_t number() {
    if (!wanted_.wide) return below(1000) * 100;
    switch (below(6)) {
      case 0:
        return std::numeric_limits<std::int64_t>::min();
      case 1:
        return std::numeric_limits<std::int64_t>::max();
      case 2:
        return below(3) - 1;
      default:
        return static_cast<std::int64_t>(random_());
    }
  }
  std::string text() {
    static constexpr std::array<std::string_view, 6> kTexts = {
        "", "A7", "\u4e0a\u6d77", "a|b\\c", "a text that is too long to be kept in place", "|"};
    if (below(4) == 0) return "t" + std::to_string(below(1000));
    return std::string(kTexts[static_cast<std::size_t>(below(kTexts.size()))]);
  }
  base::Value value(base::ValueType type) {
    switch (type) {
      case base::ValueType::integer:
        return number();
      case base::ValueType::decimal:
        return base::Decimal{number()};
      case base::ValueType::money:
        return base::Money{number()};
      case base::ValueType::text:
        return text();
      case base::ValueType::boolean:
        return below(2) == 0;
      case base::ValueType::time:
        return moment();
      case base::ValueType::date:
        return base::Date{static_cast<std::int16_t>(below(3) == 0 ? 0 : 1 + below(9999)),
                          static_cast<std::uint8_t>(1 + below(12)),
                          static_cast<std::uint8_t>(1 + below(28))};
      case base::ValueType::text_list: {
        base::TextList list;
        for (std::int64_t i = below(4); i > 0; --i) list.push_back(text());
        return list;
      }
    }
    base::unreachable();
  }

  void add_event(RowsBuilder& build) {
    slot_ += 1 + static_cast<Slot>(below(5) == 0 ? below(3'000'000) : below(300));
    const RowsBuilder::At at{moment(), slot_, static_cast<OriginNumber>(below(4))};
    switch (below(4)) {
      case 0:
        build.event(kOpened, at);
        return;
      case 1:
        build.event(kPaid, at, some_properties(*test_types().find(kPaid)));
        return;
      case 2:
        build.event(kViewed, at, some_properties(*test_types().find(kViewed)));
        return;
      default:
        add_change(build, at);
        return;
    }
  }
  std::vector<event_log::KnownProperty> some_properties(const event_log::EventType& type) {
    std::vector<event_log::KnownProperty> properties;
    for (const event_log::Property& property : type.properties) {
      if (below(3) != 0) properties.push_back({property.id, value(property.type)});
    }
    return properties;
  }
  void add_change(RowsBuilder& build, const RowsBuilder::At& at) {
    const base::EventTypeId type{1 + below(static_cast<std::int64_t>(kChangeEvents.size()))};
    std::vector<event_log::KnownProperty> properties;
    if (type != change_event("attribute_changed")) {
      if (below(20) != 0) properties.push_back(ref_of(type, 1 + below(2)));
      build.event(type, at, std::move(properties));
      return;
    }
    const std::int64_t attribute = 1 + below(kAttributeTypes + 1);  // the last has no type
    properties.push_back(ref_of(type, attribute));
    if (below(5) == 0) {
      properties.push_back(to_of(type, "neither a number nor a date"));
    } else if (below(5) != 0 && attribute <= kAttributeTypes) {
      const auto known = value(static_cast<base::ValueType>(attribute - 1));
      properties.push_back(to_of(type, base::to_text(known)));
    }
    build.event(type, at, std::move(properties));
  }

  RandomRows wanted_;
  std::mt19937_64 random_;
  Slot slot_ = 0;
};

inline Rows random_rows(const RandomRows& wanted) { return RandomRowsMaker(wanted).make(); }

}  // namespace timeline
