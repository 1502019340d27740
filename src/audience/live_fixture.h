// For tests of the live engine: a database with its log and memory, rules that are live, and a
// clock moved by hand. settle() does what the engine's three threads do, in one.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audience/catalog.h"
#include "audience/live_engine.h"
#include "base/work_pool.h"
#include "timeline/test_followed_log.h"

namespace audience {

// Subjects as a test gives them.
class GivenSubjects final : public LiveSource {
 public:
  explicit GivenSubjects(event_log::EventCatalog& events) : events_(events) {}

  struct Given {
    std::int64_t version = 1;
    std::vector<std::string> states;
    std::vector<std::string> rules;
  };
  std::map<SubjectId, Given> given;

  std::vector<LiveSubject> subjects(store::Session& session) const override {
    const auto names = Catalog::of(session, events_);
    BindOptions options;
    options.zone = &zone_;
    std::vector<LiveSubject> subjects;
    for (const auto& [id, one] : given) {
      LiveSubject subject;
      subject.id = id;
      subject.name = fmt::format("{} {}", name_of(id.kind), id.id);
      subject.version = one.version;
      subject.states = one.states;
      for (const std::string& text : one.rules) {
        const auto rule = compile(text, *names, options);
        EXPECT_TRUE(rule) << text;
        subject.rules.push_back(*rule);
      }
      subjects.push_back(std::move(subject));
    }
    return subjects;
  }

 private:
  event_log::EventCatalog& events_;
  base::Zone zone_ = base::Zone::utc();
};

class LiveTest : public timeline::FollowedLogTest {
 protected:
  static constexpr SubjectId kFirst{SubjectKind::audience, 1};

  void SetUp() override {
    FollowedLogTest::SetUp();
    if (IsSkipped()) return;
    given_.emplace(log_->catalog());
    open_memory();
  }
  void TearDown() override {
    engine_.reset();
    memory_.reset();
    FollowedLogTest::TearDown();
  }

  void open_memory() {
    engine_.reset();
    memory_ = std::make_unique<timeline::ColumnHistories>(database(), *log_, pool_,
                                                          timeline::MemoryOptions{});
    memory_->open();
  }
  // A new process: from what is stored.
  void start() {
    open_memory();
    engine_ = std::make_unique<LiveEngine>(
        LiveEngine::Means{database(), *log_, *memory_, pool_, *given_});
    engine_->open(now_);
    engine_->refresh();
    settle();
  }
  void settle() {
    for (bool more = true; more;) {
      memory_->catch_up();
      more = engine_->step(now_).more;
      more |= engine_->compute();
      more |= engine_->record();
    }
  }
  // The clock goes on, to every moment at which something is due.
  void pass(base::Duration time) { pass_to(now_ + time); }
  void pass_to(base::Moment until) {
    while (now_ < until) {
      const auto due = engine_->step(now_).next;
      now_ = due && *due > now_ && *due < until ? *due : until;
      // No further than half of what the engine looks ahead.
      settle();
    }
  }
  void live(SubjectId id, std::string rule, std::int64_t version = 1) {
    given_->given[id] = {version, {"out", "in"}, {std::move(rule)}};
    if (engine_) {
      engine_->refresh();
      settle();
    }
  }

  void told(base::CustomerId customer, std::string name, base::Moment time, bool is_live = true) {
    event_log::NewEvent event;
    event.customer = customer;
    event.name = std::move(name);
    event.time = time;
    event_log::Origin from;
    from.source = "shop";
    from.now = now_;
    from.liveness = is_live ? event_log::Liveness::live : event_log::Liveness::history;
    const auto appended = database().write(
        "event.append", [&](store::Unit& unit) { return log_->append(unit, from, event); });
    ASSERT_TRUE(appended.has_value());
  }
  std::vector<base::CustomerId> members(SubjectId id, State state = 1) {
    LiveEngine::Wanted wanted;
    wanted.state = state;
    wanted.now = now_;
    auto list = engine_->members(id, wanted);
    EXPECT_TRUE(list.has_value());
    if (!list) return {};
    std::ranges::sort(list->persons);
    return std::move(list->persons);
  }
  // "entered +500" for each record of the customer in the order of the log; times from kNow.
  std::vector<std::string> records_of(base::CustomerId customer) {
    const LiveEvents events(
        *database().read([&](store::Session& session) { return log_->catalog().of(session); }));
    std::vector<std::string> records;
    for (const event_log::Event& event : all_events()) {
      const auto told = events.told_by(event);
      if (event.customer != customer || !told || told->record.number == 0) continue;
      records.push_back(fmt::format("{} {:+}{}", type_name(event), (event.time - kNow).ms,
                                    event.liveness == event_log::Liveness::live ? "" : " history"));
    }
    return records;
  }
  std::vector<event_log::Event> all_events() {
    return database().read([&](store::Session& session) {
      return event_log::read_after(session, {}, event_log::kReadEventsMax).events;
    });
  }
  std::string type_name(const event_log::Event& event) {
    const std::string name = database().read([&](store::Session& session) {
      return log_->catalog().of(session)->find(event.type)->name;
    });
    return name.starts_with("audience_") ? name.substr(9) : name;
  }

  base::WorkPool pool_{1};
  std::optional<GivenSubjects> given_;
  std::unique_ptr<timeline::ColumnHistories> memory_;
  std::unique_ptr<LiveEngine> engine_;
  base::Moment now_ = kNow;
};

}  // namespace audience
