// A small workspace with one customer, for tests: names, a past, questions in words.
//
//   Example shop;
//   shop.names.declare_attribute("age", base::ValueType::integer);
//   shop.event_type("order_paid", {{"amount", base::ValueType::money}});
//   shop.did("order_paid", "2026-01-10T08:00", {{"amount", "12.50"}});
//   shop.spans("did order_paid in last 7d")   // "2026-01-10T08:00 2026-01-17T08:00"
//
// Moments are written as in rules, local without an offset. Mistakes in the test are CHECK
// failures.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/bind.h"
#include "audience/memory_names.h"
#include "base/calendar.h"
#include "timeline/memory_history.h"

namespace audience {

class Example {
 public:
  explicit Example(std::string_view zone_name = "Asia/Shanghai");

  using Texts = std::vector<std::pair<std::string, std::string>>;

  void event_type(std::string_view name,
                  const std::vector<std::pair<std::string, base::ValueType>>& properties = {});
  void known_since(std::string_view moment);
  // Properties by name as people write them; "source" is the event's source.
  void did(std::string_view event, std::string_view moment, const Texts& properties = {});
  // No text: unknown from then on.
  void attribute(std::string_view name, std::string_view since,
                 std::optional<std::string_view> value);
  void on(timeline::MembershipKey key, std::string_view since);
  void off(timeline::MembershipKey key, std::string_view since);
  void tag_on(std::string_view tag, std::string_view since);
  void tag_off(std::string_view tag, std::string_view since);

  base::Moment moment(std::string_view text) const;
  // Local, as short as possible: "2026-01-10T08:00", "…T08:00:00.001", "never", "always".
  std::string text_of(base::Moment moment) const;

  // Requires a rule without mistakes.
  std::shared_ptr<const BoundRule> bound(std::string_view rule) const;
  // What was told so far; further telling makes another history.
  const timeline::History& history();

  // All intervals of the rule: "from to, from to"; "" for never.
  std::string spans(std::string_view rule);
  // "true since A until B" at a moment.
  std::string standing(std::string_view rule, std::string_view at);

  MemoryNames names;
  base::Zone zone;

 private:
  // What was told, in order, to be told to a builder.
  std::vector<std::function<void(timeline::MemoryHistory::Builder&)>> told_;
  std::unique_ptr<timeline::MemoryHistory> history_;
};

}  // namespace audience
