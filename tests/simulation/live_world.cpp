#include "live_world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "audience/bind.h"
#include "audience/catalog.h"
#include "audience/print.h"
#include "base/given_clock.h"
#include "customer/identity.h"
#include "customer/import_undo.h"
#include "customer/merge.h"
#include "customer/person.h"
#include "fact_writer.h"
#include "intake/import_undo.h"
#include "log/batch.h"
#include "told_life.h"

namespace simulation {

using audience::Names;
using audience::SubjectId;
using audience::SubjectKind;
using base::CustomerId;
using base::Duration;
using base::Moment;
using random_life::Fact;
using random_life::FactWriter;
using random_life::must;

namespace {

constexpr Moment kBegin{1'770'000'000'000};  // 2026-02-02
constexpr Duration kBeforeBegin{30 * base::kDay.ms};
constexpr Duration kBehindBegin{60 * base::kDay.ms};
constexpr std::uint32_t kTestsMax = 3;  // of a rule

// New York moves its clocks on 8 March 2026.
base::Zone zone_of(std::uint32_t seed) {
  return seed % 3 == 0 ? *base::Zone::named("America/New_York") : base::Zone::utc();
}

void set_time(Fact& fact, Moment time) {
  if (fact.event) fact.event->time = time;
  if (fact.attribute) fact.attribute->since = time;
  if (fact.membership) fact.membership->since = time;
}

}  // namespace

std::vector<audience::LiveSubject> LiveRules::subjects(store::Session& session) const {
  const auto names = audience::Catalog::of(session, events_);
  audience::BindOptions options;
  options.zone = &zone_;
  std::vector<audience::LiveSubject> subjects;
  for (const auto& [id, one] : given) {
    audience::LiveSubject subject;
    subject.id = id;
    subject.name = fmt::format("{} {}", name_of(id.kind), id.id);
    subject.version = one.version;
    subject.states = one.states;
    for (const std::string& text : one.rules) {
      const auto rule = audience::compile(text, *names, options);
      EXPECT_TRUE(rule) << text;
      subject.rules.push_back(*rule);
    }
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

LiveWorld::LiveWorld(store::TestDatabase& database, std::uint32_t seed, LiveCounts& counts)
    : random_(seed),
      ids_(seed),
      seed_(seed),
      counts_(counts),
      database_(database),
      zone_(zone_of(seed)),
      log_(database.get()),
      now_(kBegin) {}

LiveWorld::~LiveWorld() { kill(); }

void LiveWorld::make() {
  log_.prepare(now_, ids_);
  hashes_ = database_.get().dialect() == store::Dialect::sqlite
                ? customer::open_erased_hashes(database_.place(), ids_)
                : customer::erased_hashes_table(ids_);
  audience::declare_something_of_everything(names_);
  const Moment from = kBegin - kBeforeBegin;
  const Moment to = kBegin + kBehindBegin;
  audience::RandomRuleOptions options;
  options.from = from;
  options.to = to;
  options.tests_max = kTestsMax;
  rules_.emplace(names_, seed_, options);
  lives_.emplace(names_, random_life::Period{from, to, {}}, seed_);
  random_life::Teller(database_.get(), log_, names_, *hashes_).declare(now_, zone_);
  source_.emplace(log_.catalog(), zone_);
  for (std::uint32_t count = 2 + below(4); count > 0; --count) add_customer();
  for (std::uint32_t count = below(12); count > 0; --count) tell_history();
  for (std::int64_t id = 1; id <= 3; ++id) make_live({SubjectKind::audience, id});
  make_live({SubjectKind::model, 4});
  start(false);
}

void LiveWorld::say(std::string what) {
  trace_.push_back(
      fmt::format("{:4} {}  {}", trace_.size(), base::to_iso8601_utc(now_), std::move(what)));
}

std::string LiveWorld::trace() const {
  std::string text;
  for (const std::string& line : trace_) text += line + '\n';
  return text;
}

void LiveWorld::open_memory(bool with_snapshot) {
  timeline::MemoryOptions options;
  if (with_snapshot) options.snapshot = folder_.path() + "/memory.snapshot";
  memory_ = std::make_unique<timeline::ColumnHistories>(database_.get(), log_, pool_, options);
  memory_->open();
}

void LiveWorld::start(bool with_snapshot) {
  open_memory(with_snapshot);
  engine_ = std::make_unique<audience::LiveEngine>(
      audience::LiveEngine::Means{database_.get(), log_, *memory_, pool_, *source_});
  engine_->open(now_);
  engine_->refresh();
  stepped_ = base::kMomentMax;
}

// As kill -9 does: what was decided and not written is gone.
void LiveWorld::kill() {
  engine_.reset();
  memory_.reset();
}

void LiveWorld::pass_time() {
  static constexpr std::array kPasses = {
      std::int64_t{1},  std::int64_t{1},   std::int64_t{500},     std::int64_t{1000},
      base::kMinute.ms, base::kMinute.ms,  10 * base::kMinute.ms, 30 * base::kMinute.ms,
      base::kHour.ms,   base::kHour.ms,    90 * base::kMinute.ms, 8 * base::kHour.ms,
      base::kDay.ms,    2 * base::kDay.ms, 3 * base::kDay.ms};
  std::int64_t passed = kPasses[below(kPasses.size())];
  if (one_in(3)) passed += below(5'000'000);
  now_ = now_ + Duration{passed};
  if (one_in(3)) now_.ms += base::kHour.ms - now_.ms % base::kHour.ms;  // a whole hour
  say("time passes");
}

// Now, late by moments or by a year, or ahead.
Moment LiveWorld::some_time() {
  std::int64_t ago = 0;
  switch (below(10)) {
    case 0:
    case 1:
    case 2:
      break;
    case 3:
      ago = below(2000);
      break;
    case 4:
      ago = below(7'200'000);
      break;
    case 5:
      ago = below(5) * base::kDay.ms + below(80'000'000);
      break;
    case 6:
      ago = below(360) * base::kDay.ms;
      break;
    case 7:
      ago = -static_cast<std::int64_t>(below(600'000));
      break;
    case 8:
      ago = -static_cast<std::int64_t>(below(10)) * base::kHour.ms;
      break;
    default:
      ago = -static_cast<std::int64_t>(below(9)) * base::kDay.ms - below(80'000'000);
      break;
  }
  Moment time = now_ - Duration{ago};
  if (one_in(3)) time.ms -= time.ms % base::kHour.ms;
  return time;
}

Fact LiveWorld::some_fact(Moment time) {
  while (facts_.empty()) facts_ = lives_->next().facts;
  Fact fact = std::move(facts_.back());
  facts_.pop_back();
  set_time(fact, time);
  return fact;
}

CustomerId LiveWorld::some_customer() {
  return customers_[below(static_cast<std::uint32_t>(customers_.size()))];
}

template <typename Work>
bool LiveWorld::write(bool live, base::BatchId batch, const Work& work) {
  customer::WritingOptions options;
  options.actor = {.kind = batch ? rights::ActorKind::import : rights::ActorKind::system,
                   .id = batch.value};
  options.now = now_;
  options.source = "told";
  options.live = live;
  options.batch = batch;
  try {
    database_.get().write("simulation.tell", [&](store::Unit& unit) {
      customer::Writing writing(unit, log_, options);
      work(writing);
    });
  } catch (const std::runtime_error& refused) {
    say(fmt::format("  refused: {}", refused.what()));
    return false;
  }
  return true;
}

std::vector<LiveWorld::Telling> LiveWorld::some_tellings(std::uint32_t count) {
  std::vector<Telling> tellings;
  for (; count > 0; --count) {
    const CustomerId customer = some_customer();
    tellings.push_back({customer, some_fact(some_time())});
  }
  return tellings;
}

std::string LiveWorld::told_as(const std::vector<Telling>& tellings) const {
  std::string text;
  for (const Telling& telling : tellings) {
    const Fact& fact = telling.fact;
    const Moment time = fact.event       ? fact.event->time
                        : fact.attribute ? fact.attribute->since
                                         : fact.membership->since;
    const std::string what =
        fact.event       ? names_.name_of(Names::Kind::event, fact.event->type.value)
        : fact.attribute ? names_.name_of(Names::Kind::attribute, fact.attribute->attribute.value)
                         : fmt::format("membership {} {}", fact.membership->key.id,
                                       fact.membership->on ? "on" : "off");
    text += fmt::format("  {} {} at {:+}", telling.customer.value, what, (time - now_).ms);
  }
  return text;
}

void LiveWorld::tell_facts() {
  const auto tellings = some_tellings(1 + below(3));
  say("live:" + told_as(tellings));
  write(true, {}, [&](customer::Writing& writing) {
    FactWriter writer(names_, writing);
    for (const Telling& telling : tellings) writer.write(telling.fact, telling.customer);
  });
}

void LiveWorld::tell_history() {
  const auto tellings = some_tellings(1);
  say("history:" + told_as(tellings));
  of_history_.insert(tellings.front().customer);
  write(false, {}, [&](customer::Writing& writing) {
    FactWriter(names_, writing).write(tellings.front().fact, tellings.front().customer);
  });
}

void LiveWorld::import() {
  const base::BatchId batch{++last_batch_};
  const auto tellings = some_tellings(1 + below(6));
  say(fmt::format("import {}:{}", batch.value, told_as(tellings)));
  for (const Telling& telling : tellings) of_history_.insert(telling.customer);
  const bool done = write(false, batch, [&](customer::Writing& writing) {
    event_log::begin_batch(writing.unit(), {batch, "events", "some.csv", "command line", now_});
    FactWriter writer(names_, writing);
    for (const Telling& telling : tellings) writer.write(telling.fact, telling.customer);
    if (!event_log::finish_batch(writing.unit(), batch, {now_})) throw std::runtime_error("batch");
  });
  if (done) batches_.push_back(batch);
}

void LiveWorld::undo_import() {
  if (batches_.empty()) return;
  const auto chosen = batches_.begin() + below(static_cast<std::uint32_t>(batches_.size()));
  const base::BatchId batch = *chosen;
  batches_.erase(chosen);
  say(fmt::format("import {} is undone", batch.value));
  base::GivenClock clock(now_);
  customer::ImportUndo follower(log_, {.actor = {}, .now = now_, .source = "told"});
  const std::array<event_log::BatchFollower*, 1> followers = {&follower};
  EXPECT_TRUE(intake::undo_import({database_.get(), log_, clock, followers}, batch));
}

void LiveWorld::merge() {
  const CustomerId one = some_customer();
  const CustomerId other = some_customer();
  if (one == other) return;
  std::optional<customer::Merged> merged;
  const bool done = write(true, {}, [&](customer::Writing& writing) {
    merged = must(customer::merge(writing, one, other));
  });
  if (!done) return;
  say(fmt::format("merged: {} into {}", merged->gone.value, merged->survivor.value));
  gone_.push_back(merged->gone);
  merged_once_.insert({merged->gone, merged->survivor});
}

void LiveWorld::unmerge() {
  if (gone_.empty()) return;
  const auto chosen = gone_.begin() + below(static_cast<std::uint32_t>(gone_.size()));
  const CustomerId gone = *chosen;
  gone_.erase(chosen);
  write(true, {}, [&](customer::Writing& writing) { must(customer::unmerge(writing, gone)); });
  say(fmt::format("{} is out of its merge", gone.value));
}

void LiveWorld::erase() {
  if (customers_.size() < 3) return;
  const CustomerId customer = some_customer();
  say(fmt::format("erased: {}", customer.value));
  write(true, {}, [&](customer::Writing& writing) {
    must(customer::erase(writing, *hashes_, ids_, customer));
  });
  // Whoever was the same person is gone, too.
  database_.get().read([&](store::Session& session) {
    const auto is_gone = [&](CustomerId id) { return !customer::customer_with(session, id); };
    std::erase_if(customers_, is_gone);
    std::erase_if(gone_, is_gone);
  });
  if (customers_.empty()) add_customer();
}

void LiveWorld::add_customer() {
  const CustomerId id{++last_customer_};
  const Moment created = std::min(some_time(), now_);
  const bool is_live = one_in(2);
  write(is_live, {},
        [&](customer::Writing& writing) { must(customer::create(writing, id, created)); });
  if (!is_live) of_history_.insert(id);
  customers_.push_back(id);
  say(fmt::format("customer {} since {:+}", id.value, (created - now_).ms));
}

void LiveWorld::make_live(SubjectId id) {
  LiveRules::Given& given = source_->given[id];
  ++given.version;
  given.states = id.kind == SubjectKind::audience ? std::vector<std::string>{"out", "in"}
                                                  : std::vector<std::string>{""};
  given.rules.clear();
  if (id.kind == SubjectKind::audience) {
    given.rules.push_back(audience::print(rules_->next()));
  } else {
    for (std::uint32_t stage = 2 + below(3); stage > 0; --stage) {
      given.states.push_back(fmt::format("s{}", given.states.size()));
      given.rules.push_back(audience::print(rules_->next()));
    }
  }
  say(fmt::format("live: {} {}", name_of(id.kind), id.id));
  for (const std::string& rule : given.rules) say("    " + rule);
  if (engine_) engine_->refresh();
}

void LiveWorld::change_rules() {
  const SubjectId id{one_in(4) ? SubjectKind::model : SubjectKind::audience, 1 + below(5)};
  if (source_->given.contains(id) && one_in(4)) {
    source_->given.erase(id);
    say(fmt::format("not live any more: {} {}", name_of(id.kind), id.id));
    if (engine_) engine_->refresh();
  } else {
    make_live(id);
  }
}

void LiveWorld::turn_clock_back() {
  static constexpr std::array kBack = {std::int64_t{1000}, std::int64_t{5000}, base::kMinute.ms,
                                       base::kHour.ms, base::kDay.ms};
  now_ = now_ - Duration{kBack[below(kBack.size())]};
  say("the clock went back");
}

void LiveWorld::step() {
  switch (below(32)) {
    case 0:
      import();
      break;
    case 1:
      undo_import();
      break;
    case 2:
    case 3:
      merge();
      break;
    case 4:
      unmerge();
      break;
    case 5:
      if (one_in(2)) erase();
      break;
    case 6:
      add_customer();
      break;
    case 7:
      change_rules();
      break;
    case 8:
      change_rules_quietly();
      break;
    case 9:
      if (one_in(2)) turn_clock_back();
      break;
    case 10:
    case 11:
      if (one_in(2)) memory_->write_snapshot();
      kill();
      say("killed");
      while (one_in(2)) pass_time();
      while (one_in(2)) tell_facts();
      while (one_in(3)) tell_history();
      start(one_in(2));
      break;
    case 12:
      tell_history();
      break;
    case 13:
      tell_history_quietly();
      break;
    case 14:
      engine_->checkpoint(now_);
      say("checkpoint");
      break;
    case 15:
      memory_->fold_all();
      break;
    default:
      tell_facts();
      break;
  }
  if (!one_in(3)) pass_time();
  if (one_in(2)) {
    settle();
  } else {
    go_on();
  }
}

}  // namespace simulation
