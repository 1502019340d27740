// A twin of one lane, in memory, for tests: intents in a vector, looked through whole at every
// step. It shares with the product only what becomes of a try (rules.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "outbox/intent.h"

namespace outbox {

class NaiveOutbox {
 public:
  // Of a new lane: its bucket is full.
  explicit NaiveOutbox(const Pace& pace) : pace_(pace), parts_(pace.burst * pace.in.ms) {}

  struct Entry {
    NewIntent intent;
    std::int64_t turn = 0;
    State state = State::queued;
    base::Moment due;
    std::int64_t tries = 0;
    std::int64_t looks = 0;
    base::Moment tried_at;
    std::string problem;
  };

  void enqueue(const NewIntent& intent, base::Moment now);
  void pause(const std::string& what) { paused_.insert(what); }
  void resume(const std::string& what) { paused_.erase(what); }
  // Of a dead letter.
  void replay(const std::string& effect_id, base::Moment now);

  // What a carrier's step does; answers the effects sent, in their order.
  std::vector<std::string> step(base::Moment now, const std::function<Outcome(const Entry&)>& send,
                                const std::function<Look(const Entry&)>& look);

  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::int64_t tokens(base::Moment now);
  std::vector<Entry*> waiting_for(base::Moment now);
  void settle(Entry& entry, const Outcome& outcome, base::Moment now);
  void look_up(base::Moment now, const std::function<Look(const Entry&)>& look);

  Pace pace_;
  base::Moment filled_{0};
  std::int64_t parts_ = 0;
  base::Moment quiet_until_{0};
  std::int64_t unanswered_ = 0;
  std::map<Priority, std::int64_t> served_;
  std::map<std::pair<Priority, std::string>, std::int64_t> turns_;
  std::set<std::string> paused_;
  std::vector<Entry> entries_;
};

}  // namespace outbox
