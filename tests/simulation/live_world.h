// The live engine in a world that is told at random (live_simulation_test.cpp): a database, its log
// and memory, customers and what happens to them, rules that are live, a clock moved by hand, and a
// process that dies and comes back. Everything follows from the seed.
//
// Nothing is kept of what was done but the trace: what must be is asked of the histories and the
// evaluator.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "audience/live_engine.h"
#include "audience/memory_names.h"
#include "audience/random_rule.h"
#include "base/calendar.h"
#include "base/random.h"
#include "base/work_pool.h"
#include "customer/erase.h"
#include "customer/writing.h"
#include "log/log.h"
#include "random_life.h"
#include "store/test_database.h"
#include "timeline/column_histories.h"

namespace simulation {

// Rules as texts, bound to the names of the database.
class LiveRules final : public audience::LiveSource {
 public:
  LiveRules(event_log::EventCatalog& events, const base::Zone& zone)
      : events_(events), zone_(zone) {}

  struct Given {
    std::int64_t version = 1;
    std::vector<std::string> states;
    std::vector<std::string> rules;
  };
  std::map<audience::SubjectId, Given> given;

  std::vector<audience::LiveSubject> subjects(store::Session& session) const override;

 private:
  event_log::EventCatalog& events_;
  const base::Zone& zone_;
};

// What the seeds have done between them: a world in which nothing changes proves nothing.
struct LiveCounts {
  std::int64_t records = 0;
  std::int64_t corrected = 0;
  std::int64_t courses = 0;  // persons × subjects whose records were held against the evaluator
  std::int64_t changes = 0;  // in those
  std::int64_t answers = 0;  // given between two verifications
  std::int64_t silent = 0;   // changed by history, without a record
};

class LiveWorld {
 public:
  LiveWorld(store::TestDatabase& database, std::uint32_t seed, LiveCounts& counts);
  ~LiveWorld();

  void make();
  // Something happens, and the engine gets on by some of its parts or settles.
  void step();
  // Everything is settled; then everything is held against the evaluator. Failures are gtest's.
  void verify();
  // The rules and what was done, a line each.
  std::string trace() const;

 private:
  struct Telling {
    base::CustomerId customer;
    random_life::Fact fact;
  };

  // live_world.cpp: what happens
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }
  bool one_in(std::uint32_t count) { return below(count) == 0; }
  void say(std::string what);
  void open_memory(bool with_snapshot);
  void start(bool with_snapshot);
  void kill();
  void pass_time();
  base::Moment some_time();
  random_life::Fact some_fact(base::Moment time);
  base::CustomerId some_customer();
  std::vector<Telling> some_tellings(std::uint32_t count);
  std::string told_as(const std::vector<Telling>& tellings) const;
  template <typename Work>
  bool write(bool live, base::BatchId batch, const Work& work);
  void tell_facts();
  void tell_history();
  void import();
  void undo_import();
  void merge();
  void unmerge();
  void erase();
  void add_customer();
  void change_rules();
  void make_live(audience::SubjectId id);
  void turn_clock_back();

  // live_check.cpp: the engine, and what must be
  void settle();
  void go_on();
  void look();                  // an answer given between two steps is right
  void change_rules_quietly();  // which records nobody
  void tell_history_quietly();  // which starts nothing
  struct Asked {
    const audience::LiveSubject& subject;
    audience::LiveFigures figures;
    timeline::Pin pin;
    base::Moment at;
  };
  std::vector<audience::LiveSubject> subjects();
  std::vector<base::CustomerId> in_state(const Asked& asked, audience::State state);
  void verify(const Asked& asked);
  void verify_records(const Asked& asked, const timeline::History& history);
  void verify_log();
  std::int64_t last_record();
  std::set<audience::SubjectId> without_records(base::CustomerId customer);

  std::mt19937_64 random_;
  base::SeededRandom ids_;
  std::uint32_t seed_;
  LiveCounts& counts_;
  store::TestDatabase& database_;
  base::Zone zone_;
  base::WorkPool pool_{1};
  event_log::Log log_;
  audience::MemoryNames names_;
  std::unique_ptr<customer::ErasedHashes> hashes_;
  std::optional<audience::RandomRules> rules_;
  std::optional<random_life::RandomLives> lives_;
  std::vector<random_life::Fact> facts_;
  std::optional<LiveRules> source_;
  store::TemporaryFolder folder_;
  std::unique_ptr<timeline::ColumnHistories> memory_;
  std::unique_ptr<audience::LiveEngine> engine_;

  base::Moment now_;
  base::Moment stepped_;  // of the last step
  std::vector<base::CustomerId> customers_;
  std::vector<base::CustomerId> gone_;  // merged into another
  std::vector<base::BatchId> batches_;
  std::int64_t last_batch_ = 0;
  std::int64_t last_customer_ = 0;
  std::set<base::CustomerId> merged_once_;  // whose records may stand beside those of another
  std::set<base::CustomerId> of_history_;   // customers whom history has touched
  std::vector<std::string> trace_;
  std::set<std::int64_t> trace_records_;  // told there
};

}  // namespace simulation
