// Random lives told to a real database, and random rules asked of what it then tells about them,
// three ways: the evaluator over histories read with plain SQL, over the memory columns, and the
// columns asked for everyone at once. All must give the answers of the naive twin over the life
// itself: with what arrived last still in the deltas, folded, from a snapshot, and read anew.
//
// SIYU_SEED repeats one seed; SIYU_SEEDS asks for more: one here for kSeedsOfOthers, since it costs
// as much as so many of the tests without a database. Every kSeeds a new database is begun. A
// failure prints seed, rule and moment.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "audience/bind.h"
#include "audience/catalog.h"
#include "audience/evaluate.h"
#include "audience/naive_twin.h"
#include "audience/print.h"
#include "audience/question.h"
#include "audience/random_rule.h"
#include "lifecycle/model.h"
#include "server/check.h"
#include "server/order_persons.h"
#include "store/scrub.h"
#include "store/test_database.h"
#include "store/test_folder.h"
#include "timeline/column_histories.h"
#include "timeline/sql_histories.h"
#include "told_life.h"

namespace random_life {
namespace {

using base::Moment;

constexpr std::uint64_t kSeeds = 10;
constexpr std::uint64_t kSeedsOfOthers = 50;
constexpr int kLivesPerSeed = 130;  // over both databases 2600
constexpr int kRulesPerSeed = 24;
constexpr int kRulesPerPerson = 3;
constexpr int kMomentsPerRule = 6;
constexpr std::size_t kQuestionsPerEveryone = 20;
constexpr std::size_t kQuestionsPerTwin = 800;  // over plain SQL, person by person

// New York moves its clocks on 8 March and on 1 November 2026.
Period period_of(std::uint64_t seed, const base::Zone& zone) {
  const auto day = [&](base::Date date) { return zone.start_of(base::day_of(date)); };
  if (seed % 2 == 0) return {day({2026, 2, 10}), day({2026, 4, 1}), {day({2026, 3, 8})}};
  return {day({2026, 10, 10}), day({2026, 11, 25}), {day({2026, 11, 1})}};
}

struct Covered {
  int equal_times = 0, clock_change = 0, future = 0, late = 0, merged = 0, erased = 0;
  int unmerged = 0, undone = 0, everyone = 0, left_out = 0, twins = 0;
  std::int64_t answers[2] = {0, 0};

  void add(const Told& told) {
    const Traits& traits = told.life.traits;
    equal_times += traits.equal_times;
    clock_change += traits.clock_change;
    future += traits.future;
    late += traits.late;
    merged += traits.merged && !told.ending.unmerged;
    unmerged += traits.merged && told.ending.unmerged;
    erased += told.ending.erased;
    undone += !told.ending.noise.empty();
  }
};
Covered covered;  // over both databases

struct Question {
  std::size_t rule = 0;
  Moment at;
  bool answer = false;
};
struct Person {
  std::vector<base::CustomerId> ids;
  bool erased = false;
  std::vector<Question> questions;
};

class DatabaseLives : public store::DatabaseTest {
 public:
  // Once both databases have been told.
  static void TearDownTestSuite() {
    std::printf("%lld true and %lld false answers\n", static_cast<long long>(covered.answers[1]),
                static_cast<long long>(covered.answers[0]));
    if (std::getenv("SIYU_SEED") != nullptr || !store::postgresql_missing().empty()) return;
    EXPECT_GE(covered.equal_times, 500);
    EXPECT_GE(covered.clock_change, 500);
    EXPECT_GE(covered.future, 500);
    EXPECT_GE(covered.late, 500);
    EXPECT_GE(covered.merged, 500);
    EXPECT_GE(covered.erased, 500);
    EXPECT_GE(covered.unmerged, 30);
    EXPECT_GE(covered.undone, 500);
    EXPECT_GE(covered.everyone, 2000);
    EXPECT_GE(covered.left_out, 200);
    EXPECT_GE(covered.twins, 40);
    EXPECT_GE(covered.answers[0], 5000);
    EXPECT_GE(covered.answers[1], 2000);
  }

 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (!IsSkipped()) begin();
  }

  void begin() {
    log_.emplace(database());
    log_->prepare(Moment{1'770'000'000'000}, random_);
    histories_.emplace(database(), *log_);
    snapshot_ = folder_.path() + "/memory.snapshot";
    memory_.emplace(database(), *log_, pool_, timeline::MemoryOptions{.snapshot = snapshot_});
    memory_->open();
    hashes_ = database().dialect() == store::Dialect::sqlite
                  ? customer::open_erased_hashes(test_database().place(), random_)
                  : customer::erased_hashes_table(random_);
    names_ = audience::MemoryNames();
    audience::declare_something_of_everything(names_);
    types_.clear();
    persons_ = 0;
    for (const auto& name : names_.all(audience::Names::Kind::event)) {
      types_.push_back(*names_.event(name));
    }
    orders_.emplace(order::Projection::Means{database(), *log_, order_persons_});
    friendships_.emplace(database(), *log_);
    teller_.emplace(database(), *log_, names_, *hashes_);
    teller_->set_between([this] { read_now_and_then(); });
    teller_->declare(Moment{1'770'000'000'000}, zone_);
  }

  // Whatever may still ask the database goes before it.
  void TearDown() override {
    teller_.reset();
    orders_.reset();
    memory_.reset();
    histories_.reset();
    log_.reset();
    DatabaseTest::TearDown();
  }

  void begin_anew() {
    TearDown();
    DatabaseTest::SetUp();
    begin();
  }

  void run_seed(std::uint64_t seed) {
    const Period period = period_of(seed, zone_);
    make_rules(seed, period);
    if (HasFailure()) return;
    std::vector<Person> people;
    std::mt19937_64 random(seed + 2'000'000);
    for (const Told& told : tell(seed, period)) {
      covered.add(told);
      for (Expected& expected : expected_of(told)) {
        people.push_back({expected.ids, expected.history == nullptr, {}});
        persons_ += !people.back().erased;
        if (expected.history) ask_the_twin(people.back(), *expected.history, {period, random});
      }
    }
    all_the_same(*histories_, people);
    if (HasFailure()) return;
    memory_->catch_up();
    in_memory_the_same(people, "after reading on");
    memory_->fold_all();
    in_memory_the_same(people, "folded");
    ASSERT_TRUE(memory_->write_snapshot());
    // Every other seed goes on from the snapshot, so that what comes is told to a mapped memory.
    memory_.emplace(database(), *log_, pool_, timeline::MemoryOptions{.snapshot = snapshot_});
    memory_->open();
    EXPECT_EQ(memory_->state().opened_from, "snapshot") << memory_->state().not_from;
    in_memory_the_same(people, "from the snapshot");
    timeline::ColumnHistories anew(database(), *log_, pool_, {});
    anew.open();
    EXPECT_EQ(anew.state().opened_from, "log");
    memory_same(anew, people, "read anew");
    if (seed % 2 == 0) {
      std::filesystem::remove(snapshot_);
      memory_.emplace(database(), *log_, pool_, timeline::MemoryOptions{.snapshot = snapshot_});
      memory_->open();
      EXPECT_EQ(memory_->state().opened_from, "log");
    }
  }

  void in_memory_the_same(const std::vector<Person>& people, const char* when) {
    memory_same(*memory_, people, when);
  }

  void memory_same(const timeline::ColumnHistories& memory, const std::vector<Person>& people,
                   const char* when) {
    if (HasFailure()) return;
    SCOPED_TRACE(when);
    all_the_same(memory, people);
    if (!HasFailure()) everyone_is_the_same(memory.pin(), people);
  }

  void all_the_same(const timeline::Histories& histories, const std::vector<Person>& people) {
    for (const Person& person : people) {
      for (const base::CustomerId id : person.ids) {
        same(person, histories.of(id).get());
        if (HasFailure()) return;
      }
    }
    each_is_the_same(histories, people);
  }

  // Some of the questions, each asked of everyone at once.
  void everyone_is_the_same(const timeline::Pin& pin, const std::vector<Person>& people) {
    const rights::Viewer viewer = rights::Viewer::command_line();
    std::size_t asked = 0;
    for (const Person& person : people) {
      for (const Question& question : person.questions) {
        if (++asked % kQuestionsPerEveryone != 0) continue;
        // Every other one a test account, by any of their ids.
        std::vector<base::CustomerId> left_out;
        if (asked / kQuestionsPerEveryone % 2 == 0) left_out.push_back(person.ids.back());
        const audience::Question all{.rule = *rules_[question.rule],
                                     .at = question.at,
                                     .viewer = viewer,
                                     .left_out = left_out};
        const auto found = audience::matching(pin, all, pool_);
        ASSERT_TRUE(found.has_value());
        const bool answer = std::ranges::any_of(
            person.ids, [&](auto id) { return std::ranges::binary_search(*found, id); });
        ASSERT_EQ(answer, question.answer && left_out.empty())
            << texts_[question.rule] << " at " << base::to_iso8601(question.at, zone_)
            << " of customer " << person.ids.front().value;
        ++covered.everyone;
        covered.left_out += question.answer && !left_out.empty();
        if (asked % kQuestionsPerTwin != 0) continue;
        const auto one_by_one = audience::matching(*histories_, all);
        ASSERT_TRUE(one_by_one.has_value());
        ASSERT_EQ(*one_by_one, *found) << texts_[question.rule];
        ++covered.twins;
      }
    }
  }

  // Merges, their undo and imports taken back are read while the tables say more than the log so
  // far, or just as much; some of it folded.
  void read_now_and_then() {
    if (!memory_) return;
    ++units_;
    if (units_ % 3 == 0) memory_->catch_up();
    if (units_ % 7 == 0) memory_->fold_all();
  }

  // What `siyu check` proves of the tables.
  void check_tables() {
    store::scrub_if_due(database());  // is owed since somebody was erased
    const auto report = server::check({database(), *log_, *histories_, *memory_, *orders_,
                                       *friendships_, order_persons_, Moment{1'790'000'000'000}});
    for (const auto& problem : report.problems) {
      ADD_FAILURE() << server::code_of(problem.what) << ": " << problem.where;
    }
  }

 private:
  struct Means {
    const Period& period;
    std::mt19937_64& random;
  };

  std::vector<Told> tell(std::uint64_t seed, const Period& period) {
    RandomLives lives(names_, period, seed + 1'000'000);
    std::vector<Life> told;
    std::vector<Ending> endings;
    for (int i = 0; i < kLivesPerSeed; ++i) {
      told.push_back(lives.next());
      Ending ending;
      ending.facts_before_merge = told.back().facts.size() / static_cast<std::size_t>(1 + i % 3);
      ending.unmerged = i % 10 == 9;
      ending.erased = i % 4 == 1;
      ending.noise_after_merge = i % 2 == 0;
      if (i % 3 == 0) ending.noise = noise(lives.next(), told.back());
      endings.push_back(std::move(ending));
    }
    return teller_->tell(std::move(told), std::move(endings));
  }

  // Another life's facts, on the customers of this one. No import takes identities away.
  static std::vector<Fact> noise(Life other, const Life& life) {
    std::erase_if(other.facts, [](const Fact& fact) {
      return fact.membership && fact.membership->key.kind == timeline::MembershipKind::identity &&
             !fact.membership->on;
    });
    for (Fact& fact : other.facts) fact.who = life.traits.merged ? fact.who : 0;
    return std::move(other.facts);
  }

  void make_rules(std::uint64_t seed, const Period& period) {
    audience::RandomRuleOptions options;
    options.from = period.from;
    options.to = period.to;
    audience::RandomRules rules(names_, seed, options);
    const auto catalog = database().read([&](store::Session& session) {
      return audience::Catalog::of(session, log_->catalog(), &stages_);
    });
    audience::BindOptions bind_options;
    bind_options.zone = &zone_;
    texts_.clear();
    expected_rules_.clear();
    rules_.clear();
    for (int i = 0; i < kRulesPerSeed; ++i) {
      texts_.push_back(audience::print(rules.next()));
      auto expected = audience::compile(texts_.back(), names_, bind_options);
      auto bound = audience::compile(texts_.back(), *catalog, bind_options);
      ASSERT_TRUE(expected && bound) << texts_.back();
      ASSERT_EQ((*expected)->matches_nobody(), (*bound)->matches_nobody()) << texts_.back();
      expected_rules_.push_back(*expected);
      rules_.push_back(*bound);
    }
  }

  void ask_the_twin(Person& person, const timeline::History& history, const Means& means) {
    for (int i = 0; i < kRulesPerPerson; ++i) {
      const std::size_t rule = means.random() % rules_.size();
      const audience::NaiveTwin twin(*expected_rules_[rule], history, types_);
      std::vector<Moment> near;
      for (const Moment moment : twin.moments()) {
        if (moment < means.period.from - base::Duration{7 * base::kDay.ms}) continue;
        if (moment > means.period.to + base::Duration{60 * base::kDay.ms}) break;
        near.push_back(moment);
      }
      for (int j = 0; j < kMomentsPerRule && !near.empty(); ++j) {
        const Moment at = near[means.random() % near.size()] +
                          base::Duration{static_cast<std::int64_t>(means.random() % 3) - 1};
        person.questions.push_back({rule, at, twin.holds_at(at)});
        ++covered.answers[person.questions.back().answer ? 1 : 0];
      }
    }
  }

  void same(const Person& person, const timeline::History* history) {
    ASSERT_EQ(history == nullptr, person.erased) << "customer " << person.ids.front().value;
    for (const Question& question : person.questions) {
      ASSERT_EQ(audience::holds_at(*rules_[question.rule], *history, question.at), question.answer)
          << texts_[question.rule] << " at " << base::to_iso8601(question.at, zone_)
          << " of customer " << person.ids.front().value;
    }
  }

  // Everybody of this seed and of those before, each once.
  void each_is_the_same(const timeline::Histories& histories, const std::vector<Person>& people) {
    std::map<base::CustomerId, const Person*> waiting;
    for (const Person& person : people) {
      for (const base::CustomerId id : person.ids) waiting.emplace(id, &person);
    }
    std::int64_t visited = 0;
    histories.each([&](const timeline::History& history) {
      ++visited;
      const auto found = waiting.find(history.customer());
      if (found == waiting.end()) return true;
      const Person* person = found->second;
      same(*person, &history);
      for (const base::CustomerId id : person->ids) waiting.erase(id);
      return !HasFailure();
    });
    if (HasFailure()) return;
    EXPECT_EQ(visited, persons_);
    for (const auto& [id, person] : waiting) {
      EXPECT_TRUE(person->erased) << "nobody visited customer " << id.value;
    }
  }

  base::Zone zone_ = *base::Zone::named("America/New_York");
  base::SeededRandom random_{5};
  std::optional<event_log::Log> log_;
  const lifecycle::Stages stages_;
  std::optional<timeline::SqlHistories> histories_;
  store::TemporaryFolder folder_;
  std::string snapshot_;
  base::WorkPool pool_{1};
  std::optional<timeline::ColumnHistories> memory_;
  std::unique_ptr<customer::ErasedHashes> hashes_;
  audience::MemoryNames names_;
  std::vector<base::EventTypeId> types_;
  const server::OrderPersons order_persons_;
  std::optional<order::Projection> orders_;
  std::optional<account::Friendships> friendships_;
  std::optional<Teller> teller_;
  std::vector<std::string> texts_;
  std::vector<std::shared_ptr<const audience::BoundRule>> expected_rules_;
  std::vector<std::shared_ptr<const audience::BoundRule>> rules_;
  std::int64_t persons_ = 0;
  std::int64_t units_ = 0;  // told
};

std::uint64_t number_from(const char* variable) {
  const char* given = std::getenv(variable);
  return given == nullptr ? 0 : std::strtoull(given, nullptr, 10);
}

TEST_P(DatabaseLives, AreAsTheyWereTold) {
  const std::uint64_t one = number_from("SIYU_SEED");
  const std::uint64_t first = one == 0 ? 1 : one;
  const std::uint64_t last =
      one == 0 ? std::max(kSeeds, number_from("SIYU_SEEDS") / kSeedsOfOthers) : one;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
    run_seed(seed);
    if (HasFailure()) return;
    if (seed % kSeeds != 0 || seed == last) continue;
    check_tables();
    begin_anew();
  }
  check_tables();
}

INSTANTIATE_TEST_SUITE_P(Both, DatabaseLives, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace random_life
