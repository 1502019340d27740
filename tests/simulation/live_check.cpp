#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "audience/everyone.h"
#include "audience/live_event.h"
#include "audience/live_record.h"
#include "live_world.h"
#include "log/reader.h"

namespace simulation {

using audience::LiveFigures;
using audience::LiveRecord;
using audience::LiveSubject;
using audience::State;
using audience::StateChange;
using audience::StateCourse;
using audience::SubjectId;
using base::CustomerId;
using base::Moment;

namespace {

constexpr int kRoundsMax = 300;

std::string spelled(const StateCourse& course) {
  std::string text = fmt::format("{}", course.start);
  for (const StateChange& change : course.changes) {
    text += fmt::format(" → {} at {}", change.to, base::to_iso8601_utc(change.at));
  }
  return text;
}

std::string spelled(const std::vector<LiveRecord>& records) {
  std::string text;
  for (const LiveRecord& record : records) {
    text += fmt::format("\n  {}: {} → {} at {}", record.number, record.from, record.to,
                        base::to_iso8601_utc(record.at));
  }
  return text;
}

std::string spelled(const std::vector<CustomerId>& persons) {
  std::string text;
  for (const CustomerId person : persons) text += fmt::format(" {}", person.value);
  return text;
}

// What it was from `from` on, until `at`.
StateCourse truth_of(const LiveSubject& subject, const timeline::History& history, Moment from,
                     Moment at) {
  audience::StateStream stream(subject.rules, history, from);
  StateCourse course{stream.at_start(), {}};
  for (auto next = stream.next(); next && next->at <= at; next = stream.next()) {
    course.changes.push_back(*next);
  }
  return course;
}

}  // namespace

void LiveWorld::settle() {
  int rounds = 0;
  std::string last;
  for (bool more = true; more && rounds < kRoundsMax; ++rounds) {
    memory_->catch_up();
    const auto step = engine_->step(now_);
    const bool has_computed = engine_->compute();
    const bool has_recorded = engine_->record();
    more = step.more || has_computed || has_recorded;
    last =
        fmt::format("step {} evaluated {} next {}, computed {}, recorded {}, record {}", step.more,
                    step.evaluated, step.next ? base::to_iso8601_utc(*step.next) : "-",
                    has_computed, has_recorded, engine_->point().record);
  }
  EXPECT_LT(rounds, kRoundsMax) << "it does not come to rest: " << last;
  stepped_ = now_;
}

// The parts of the engine in any order, each as often as it comes.
void LiveWorld::go_on() {
  for (std::uint32_t parts = below(9); parts > 0; --parts) {
    switch (below(4)) {
      case 0:
        memory_->catch_up();
        break;
      case 1:
        engine_->step(now_);
        stepped_ = now_;
        break;
      case 2:
        engine_->compute();
        break;
      default:
        engine_->record();
        break;
    }
    look();
  }
}

std::vector<LiveSubject> LiveWorld::subjects() {
  return database_.get().read([&](store::Session& session) { return source_->subjects(session); });
}

// As the evaluator has it, ascending.
std::vector<CustomerId> LiveWorld::in_state(const Asked& asked, State state) {
  std::vector<CustomerId> persons;
  for (std::size_t block = 0; block < asked.pin.blocks(); ++block) {
    asked.pin.rows(block).each([&](std::size_t row) {
      const auto history = asked.pin.history(block, row);
      if (audience::state_at(asked.subject.rules, *history, asked.at) != state) return;
      persons.push_back(asked.pin.person(block, row));
    });
  }
  std::ranges::sort(persons);
  return persons;
}

void LiveWorld::look() {
  if (now_ < stepped_) return;  // what the clock going back means is not known yet
  const timeline::Pin pin = memory_->pin();
  for (const LiveSubject& subject : subjects()) {
    const auto figures = engine_->figures_of(subject.id);
    if (!figures || figures->version != subject.version) continue;
    audience::LiveEngine::Wanted wanted;
    wanted.now = std::max(now_, engine_->point().moment);
    wanted.at_least = pin.position();
    wanted.state = static_cast<State>(1 + below(static_cast<std::uint32_t>(subject.rules.size())));
    auto list = engine_->members(subject.id, wanted);
    if (!list) continue;
    ++counts_.answers;
    std::ranges::sort(list->persons);
    const auto right = in_state({subject, *figures, pin, wanted.now}, wanted.state);
    EXPECT_EQ(list->persons, right)
        << "answered at once: " << subject.name << " state " << int{wanted.state} << ":"
        << spelled(list->persons) << ", should be" << spelled(right);
  }
}

void LiveWorld::verify() {
  settle();
  say("verified");
  const std::vector<LiveSubject> all = subjects();
  for (const LiveSubject& subject : all) {
    SCOPED_TRACE(subject.name);
    const auto figures = engine_->figures_of(subject.id);
    ASSERT_TRUE(figures);
    ASSERT_EQ(figures->phase, audience::LivePhase::live);
    EXPECT_EQ(figures->version, subject.version);
    verify({subject, *figures, memory_->pin(), std::max(now_, engine_->point().moment)});
  }
  EXPECT_EQ(engine_->figures().size(), all.size());
  verify_log();
}

void LiveWorld::verify(const Asked& asked) {
  const rights::Viewer everybody = rights::Viewer::system("simulation");
  std::vector<timeline::RowMask> taken(asked.pin.blocks());
  for (State state = 1; state <= asked.subject.rules.size(); ++state) {
    const std::vector<CustomerId> right = in_state(asked, state);
    audience::LiveEngine::Wanted wanted;
    wanted.now = asked.at;
    wanted.at_least = asked.pin.position();
    wanted.state = state;
    auto list = engine_->members(asked.subject.id, wanted);
    ASSERT_TRUE(list) << "no answer";
    std::ranges::sort(list->persons);
    EXPECT_EQ(list->persons, right) << "state " << int{state} << ":" << spelled(list->persons)
                                    << ", should be" << spelled(right);
    const auto rows = audience::matching_rows(
        asked.pin, {.rule = *asked.subject.rules[state - 1U], .at = asked.at, .viewer = everybody},
        pool_);
    ASSERT_TRUE(rows);
    std::vector<CustomerId> by_columns;
    for (std::size_t block = 0; block < rows->size(); ++block) {
      timeline::RowMask here = (*rows)[block];
      here -= taken[block];
      taken[block] |= here;
      here.each([&](std::size_t row) { by_columns.push_back(asked.pin.person(block, row)); });
    }
    std::ranges::sort(by_columns);
    EXPECT_EQ(by_columns, right) << "the columns";
    EXPECT_EQ(asked.figures.in_state[state], static_cast<std::int64_t>(right.size()));
  }
  for (std::size_t block = 0; block < asked.pin.blocks(); ++block) {
    asked.pin.rows(block).each(
        [&](std::size_t row) { verify_records(asked, *asked.pin.history(block, row)); });
  }
}

// Whoever was changed by history alone before there was any record has their state; what was before
// their first record nobody has said.
void LiveWorld::verify_records(const Asked& asked, const timeline::History& history) {
  const LiveSubject& subject = asked.subject;
  const audience::LiveEvents events(
      *database_.get().read([&](store::Session& session) { return log_.catalog().of(session); }));
  const auto records = events.records_in(history, subject, asked.figures.base.record);
  Moment from = asked.figures.base.moment;
  const State state = audience::state_at(subject.rules, history, asked.at);
  const bool is_of_history = std::ranges::any_of(of_history_, [&](CustomerId customer) {
    const auto place = asked.pin.place_of(customer);
    return place && asked.pin.person(place->block, place->row) == history.customer();
  });
  if (is_of_history && records.empty()) {
    counts_.silent += !truth_of(subject, history, from, asked.at).changes.empty();
    return;
  }
  if (is_of_history) {
    from = std::max(from, std::ranges::min_element(records, {}, &LiveRecord::at)->at);
  }
  const StateCourse belief = audience::believed(state, records).since(from);
  const StateCourse truth = truth_of(subject, history, from, asked.at);
  ++counts_.courses;
  counts_.changes += static_cast<std::int64_t>(truth.changes.size());
  EXPECT_EQ(belief, truth) << "customer " << history.customer().value << " from "
                           << base::to_iso8601_utc(from) << "\nrecorded: " << spelled(belief)
                           << "\nshould be: " << spelled(truth) << "\nrecords:" << spelled(records);
}

// Of all records ever written: numbers rise, and nothing is said twice.
void LiveWorld::verify_log() {
  const audience::LiveEvents events(
      *database_.get().read([&](store::Session& session) { return log_.catalog().of(session); }));
  const auto all = database_.get().read([&](store::Session& session) {
    return event_log::read_after(session, {}, event_log::kReadEventsMax);
  });
  ASSERT_FALSE(all.more);
  std::map<SubjectId, std::int64_t> bases;
  for (const LiveFigures& figures : engine_->figures()) bases[figures.id] = figures.base.record;
  struct Said {
    Moment at;
    std::string to;
  };
  std::map<std::pair<SubjectId, CustomerId>, Said> said;
  std::int64_t last = 0;
  for (const event_log::Event& event : all.events) {
    auto told = events.told_by(event);
    if (!told || told->record.number == 0) continue;
    EXPECT_GT(told->record.number, last) << "numbers rise";
    last = told->record.number;
    if (trace_records_.insert(last).second) {
      say(fmt::format("  record {}: customer {}, {} {}{}, {} at {}", last, event.customer.value,
                      name_of(told->subject.kind), told->subject.id, told->model, told->to,
                      base::to_iso8601_utc(event.time)));
    }
    if (told->subject.kind == audience::SubjectKind::model) {
      told->subject.id = std::stoll(told->model.substr(told->model.find(' ')));
    }
    const auto base = bases.find(told->subject);
    if (base == bases.end() || told->record.number <= base->second) continue;
    if (merged_once_.contains(event.customer)) continue;
    Said& before = said[{told->subject, event.customer}];
    EXPECT_FALSE(before.at == event.time && before.to == told->to)
        << "said twice: customer " << event.customer.value << ", record " << last;
    before = {event.time, told->to};
  }
  counts_.records = std::max(counts_.records, last);
}

std::int64_t LiveWorld::last_record() {
  return database_.get().read(
      [](store::Session& session) { return audience::stored_clock(session).record; });
}

void LiveWorld::change_rules_quietly() {
  settle();
  const std::int64_t before = last_record();
  change_rules();
  settle();
  EXPECT_EQ(last_record(), before) << "a rule that is made or changed records nobody";
}

std::set<SubjectId> LiveWorld::without_records(CustomerId customer) {
  const timeline::Pin pin = memory_->pin();
  const audience::LiveEvents events(
      *database_.get().read([&](store::Session& session) { return log_.catalog().of(session); }));
  std::set<SubjectId> without;
  const auto place = pin.place_of(customer);
  if (!place) return without;
  const auto history = pin.history(place->block, place->row);
  for (const LiveSubject& subject : subjects()) {
    const auto figures = engine_->figures_of(subject.id);
    if (!figures) continue;
    if (events.records_in(*history, subject, figures->base.record).empty()) {
      without.insert(subject.id);
    }
  }
  return without;
}

void LiveWorld::tell_history_quietly() {
  settle();
  std::map<CustomerId, std::set<SubjectId>> before;
  for (const CustomerId customer : customers_) before[customer] = without_records(customer);
  tell_history();
  settle();
  for (const CustomerId customer : customers_) {
    const auto after = without_records(customer);
    EXPECT_EQ(after, before[customer]) << "history starts nothing: customer " << customer.value;
  }
}

}  // namespace simulation
