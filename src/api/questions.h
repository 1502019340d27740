// The heavy questions: counts, lists, exports of an audience, the sweep of `siyu check` and a
// rebuilding, from the moment they are asked until they are answered. Each can be seen and stopped
// meanwhile.
//
//   Questions::Turn turn(questions, {.kind = QuestionKind::count, …});   waits for its turn
//   turn.watch(question);                                   progress, stop, the limit of time
//   const auto count = audience::count(pin, question, pool);
//   if (!count) throw turn.refusal();
//
// At most kQuestionsRunningMax run at once, in the order they came, and kQuestionsWaitingMax wait
// (each on a handler thread); further ones are refused with api.too_many_questions. So memory does
// not grow with the number of questions: one takes 128 bytes a block of persons and a plan a
// thread, a list besides 8 bytes a person found and the keys of two pages.
//
// A question ends early when who asked has gone, when it is stopped by hand, when its time is over
// or when the program ends; the pool is free again after one slice of every thread
// (audience/question.h). Nothing of it is logged.
//
// Threads: everything from any thread; a Turn is made and destroyed by one. The questions outlive
// their turns.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "api/problem.h"
#include "audience/question.h"
#include "base/clock.h"
#include "base/moment.h"

namespace api {

inline constexpr std::size_t kQuestionsRunningMax = 4;
inline constexpr std::size_t kQuestionsWaitingMax = 16;
// From being asked to the answer.
inline constexpr base::Duration kQuestionTimeMax{base::kMinute.ms};  // a count, a page of a list
inline constexpr base::Duration kExportTimeMax{base::kHour.ms};
inline constexpr base::Duration kCheckTimeMax{24 * base::kHour.ms};  // a rebuilding, too
inline constexpr std::size_t kReferenceBytesMax = 64;

enum class QuestionKind : std::uint8_t { count, list, stages, audience_export, check, rebuild };
// "count", "list", "stages", "export", "check", "rebuild"
std::string_view name_of(QuestionKind kind);
base::Duration time_max_of(QuestionKind kind);

struct AskedQuestion {
  QuestionKind kind = QuestionKind::count;
  rights::Actor actor = {};
  std::string rule = {};       // as text; "": it has none
  std::string reference = {};  // by which the asker finds it again
  std::stop_token gone = {};   // ends when the asker has gone
};

// One that waits or runs.
struct QuestionState {
  std::int64_t id = 0;  // from 1, since the program's start
  AskedQuestion asked;
  base::Moment since;                 // when it was asked
  std::optional<base::Moment> began;  // nothing: it waits
  double progress = 0;                // 0 … 1: the share done of what it is estimated to cost
};

class Questions {
 public:
  // `after_slice` is a seam for tests: called by the threads of a question after each block, so
  // that one can be held where it is. Borrows the clock.
  explicit Questions(const base::Clock& clock, std::function<void()> after_slice = {});
  Questions(const Questions&) = delete;
  Questions& operator=(const Questions&) = delete;

  class Turn;

  // In the order they were asked.
  std::vector<QuestionState> all() const;
  // Stops it; false: there is none (any more).
  bool stop(std::int64_t id);
  // Stops all, and refuses those to come: the program ends.
  void end();

 private:
  enum class Reason : std::uint8_t { none, asker_gone, by_hand, out_of_time, program_ends };

  const base::Clock& clock_;
  const std::function<void()> after_slice_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::int64_t, Turn*> turns_;  // by id: in the order they came; under mutex_
  std::size_t running_ = 0;              // under mutex_
  std::int64_t last_id_ = 0;             // under mutex_
  bool ended_ = false;                   // under mutex_
};

// One question's place among them, as long as it lives.
class Questions::Turn {
 public:
  // Waits until it may run. Throws a Refusal when too many wait, or when it is stopped meanwhile.
  Turn(Questions& questions, AskedQuestion asked);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Has the question tell its progress here and stop when it is to. Lives as long as this. Of
  // several that are asked one after the other over one pin each is a part of the whole.
  struct Part {
    std::size_t number = 0;  // from 0
    std::size_t of = 1;
  };
  void watch(audience::Question& question) { watch(question, Part()); }
  void watch(audience::Question& question, const Part& part);

  std::stop_token stop_token() const { return stop_.get_token(); }
  // Told by any thread, after every slice. False: it is to stop.
  bool go_on(const audience::Progress& progress);
  // The same where nothing is known of how much it was.
  bool go_on();
  // Why it has stopped, as the answer to who asked. Requires that it was.
  Refusal refusal() const;

 private:
  friend class Questions;
  void enter();
  void leave();
  void stop_for(Reason reason);
  bool is_first_waiting() const;
  QuestionState state() const;

  Questions& questions_;
  const AskedQuestion asked_;
  const base::Moment since_;
  const std::chrono::steady_clock::time_point until_;
  std::int64_t id_ = 0;
  std::optional<base::Moment> began_;  // under the questions' mutex
  std::atomic<Reason> reason_ = Reason::none;
  std::atomic<std::int64_t> done_ = 0;
  std::atomic<std::int64_t> total_ = 0;
  std::stop_source stop_;
  const std::stop_callback<std::function<void()>> on_gone_;
};

}  // namespace api
