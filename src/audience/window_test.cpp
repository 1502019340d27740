#include "audience/window.h"

#include <gtest/gtest.h>

#include "audience/bind.h"
#include "audience/memory_names.h"
#include "audience/parse.h"
#include "base/calendar.h"

namespace audience {
namespace {

using base::Moment;

// New York: clocks go forward on 8 March, back on 1 November 2026.
class WindowTest : public testing::Test {
 protected:
  Window window(const std::string& text) {
    auto bound = compile("did paid " + text, names_, options());
    EXPECT_TRUE(bound) << text;
    const Rule copy = (*bound)->rule().clone();
    return *std::get<Did>(copy.root.form).window;
  }
  BindOptions options() {
    BindOptions options;
    options.zone = &zone_;
    return options;
  }

  base::Zone zone_ = *base::Zone::named("America/New_York");
  MemoryNames names_;
  base::EventTypeId paid_ = names_.declare_event("paid");
};

// The ends of the range are where the event's own view of the window changes.
TEST_F(WindowTest, InsideAtAgreesWithWhenEventsEnterAndLeave) {
  const char* texts[] = {"in last 7d",
                         "in last 0ms",
                         "in this day",
                         "in this week",
                         "in this month",
                         "in this quarter",
                         "in this year",
                         "in previous 3 days",
                         "in previous 1 week",
                         "in previous 0 days",
                         "today",
                         "yesterday",
                         "from 7d to 1d ago",
                         "from 1d to 7d ago",
                         "between 2026-03-08 and 2026-03-09",
                         "between 2026-03-09 and 2026-03-08",
                         "before 2026-03-08",
                         "since 2026-03-08"};
  const Moment middle = zone_.start_of(base::day_of({2026, 3, 9}));
  for (const char* text : texts) {
    const Window form = window(text);
    const EventWindow events(form, zone_);
    for (std::int64_t minutes = -50 * 60; minutes < 50 * 60; minutes += 61) {
      const Moment at{middle.ms + minutes * base::kMinute.ms};
      const timeline::Span inside = events.inside_at(at);
      const timeline::Span values = values_inside_at(form, at, zone_);
      for (const Moment edge : {inside.from, inside.to, values.from, values.to, at, middle}) {
        for (std::int64_t beside = -1; beside <= 1; ++beside) {
          const Moment t = edge + base::Duration{beside};
          if (t == base::kMomentMin || t == base::kMomentMax) continue;
          const bool event =
              events.admits(t) && events.enters_at(t) <= at && at < events.leaves_at(t);
          ASSERT_EQ(inside.from <= t && t < inside.to, event)
              << text << " " << t.ms << " " << at.ms;
          const timeline::Span span = value_in_window(form, t, zone_);
          ASSERT_EQ(values.from <= t && t < values.to, span.from <= at && at < span.to)
              << text << " value " << t.ms << " at " << at.ms;
        }
      }
    }
  }
}

}  // namespace
}  // namespace audience
