#include "api/questions.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace api {

std::string_view name_of(QuestionKind kind) {
  switch (kind) {
    case QuestionKind::count:
      return "count";
    case QuestionKind::list:
      return "list";
    case QuestionKind::stages:
      return "stages";
    case QuestionKind::audience_export:
      return "export";
    case QuestionKind::check:
      return "check";
    case QuestionKind::rebuild:
      return "rebuild";
  }
  base::unreachable();
}

base::Duration time_max_of(QuestionKind kind) {
  if (kind == QuestionKind::audience_export) return kExportTimeMax;
  const bool is_sweep = kind == QuestionKind::check || kind == QuestionKind::rebuild;
  return is_sweep ? kCheckTimeMax : kQuestionTimeMax;
}

Questions::Questions(const base::Clock& clock, std::function<void()> after_slice)
    : clock_(clock), after_slice_(std::move(after_slice)) {}

std::vector<QuestionState> Questions::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<QuestionState> states;
  states.reserve(turns_.size());
  for (const auto& [id, turn] : turns_) states.push_back(turn->state());
  return states;
}

bool Questions::stop(std::int64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto turn = turns_.find(id);
  if (turn == turns_.end()) return false;
  turn->second->stop_for(Reason::by_hand);
  return true;
}

void Questions::end() {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  for (const auto& [id, turn] : turns_) turn->stop_for(Reason::program_ends);
}

Questions::Turn::Turn(Questions& questions, AskedQuestion asked)
    : questions_(questions),
      asked_(std::move(asked)),
      since_(questions.clock_.now()),
      until_(std::chrono::steady_clock::now() +
             std::chrono::milliseconds(time_max_of(asked_.kind).ms)),
      on_gone_(asked_.gone, [this] { stop_for(Reason::asker_gone); }) {
  enter();
}

Questions::Turn::~Turn() { leave(); }

void Questions::Turn::enter() {
  std::unique_lock lock(questions_.mutex_);
  if (questions_.ended_) throw Refusal("api.ending");
  const std::size_t waiting = questions_.turns_.size() - questions_.running_;
  const bool free = waiting == 0 && questions_.running_ < kQuestionsRunningMax;
  if (!free && waiting >= kQuestionsWaitingMax) throw Refusal("api.too_many_questions");
  id_ = ++questions_.last_id_;
  questions_.turns_.emplace(id_, this);
  const bool turned = questions_.changed_.wait_until(lock, stop_.get_token(), until_,
                                                     [this] { return is_first_waiting(); });
  if (turned && !stop_.stop_requested()) {
    began_ = questions_.clock_.now();
    ++questions_.running_;
    questions_.changed_.notify_all();  // the next may be first now
    return;
  }
  lock.unlock();
  leave();
  if (!turned && !stop_.stop_requested()) throw Refusal("api.too_many_questions");
  throw refusal();
}

void Questions::Turn::leave() {
  {
    const std::scoped_lock lock(questions_.mutex_);
    questions_.turns_.erase(id_);
    if (began_) --questions_.running_;
    began_.reset();
  }
  questions_.changed_.notify_all();
}

bool Questions::Turn::is_first_waiting() const {
  if (questions_.running_ >= kQuestionsRunningMax) return false;
  const auto first = std::ranges::find_if(questions_.turns_,
                                          [](const auto& entry) { return !entry.second->began_; });
  return first->second == this;
}

void Questions::Turn::stop_for(Reason reason) {
  Reason none = Reason::none;
  reason_.compare_exchange_strong(none, reason);
  stop_.request_stop();
}

void Questions::Turn::watch(audience::Question& question, const Part& part) {
  question.stop = stop_token();
  question.progress = [this, number = static_cast<std::int64_t>(part.number),
                       of = static_cast<std::int64_t>(part.of)](const audience::Progress& here) {
    go_on({number * here.total + here.done, of * here.total});
  };
}

bool Questions::Turn::go_on(const audience::Progress& progress) {
  total_ = progress.total;
  // Threads tell in any order: it only rises.
  std::int64_t done = done_;
  while (done < progress.done && !done_.compare_exchange_weak(done, progress.done)) {
  }
  return go_on();
}

bool Questions::Turn::go_on() {
  if (questions_.after_slice_) questions_.after_slice_();
  if (std::chrono::steady_clock::now() > until_) stop_for(Reason::out_of_time);
  return !stop_.stop_requested();
}

Refusal Questions::Turn::refusal() const {
  switch (reason_.load()) {
    case Reason::asker_gone:
      return Refusal("api.asker_gone");
    case Reason::by_hand:
      return Refusal("api.question_stopped");
    case Reason::out_of_time:
      return Refusal("api.stopped");
    case Reason::program_ends:
      return Refusal("api.ending");
    case Reason::none:
      break;
  }
  base::unreachable();
}

QuestionState Questions::Turn::state() const {
  const std::int64_t total = total_;
  const double share =
      total == 0 ? 0 : static_cast<double>(done_.load()) / static_cast<double>(total);
  return {id_, asked_, since_, began_, std::min(share, 1.0)};
}

}  // namespace api
