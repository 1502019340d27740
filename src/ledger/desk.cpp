#include "ledger/desk.h"

#include <optional>
#include <utility>

#include "store/failure.h"

namespace ledger {
namespace {

// Nothing: it is none of the store's.
std::optional<store::FailureKind> kind_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const store::Failure& failure) {
    return failure.kind();
  } catch (...) {
    return std::nullopt;
  }
}

// What one request may have caused: the others are to be done all the same.
bool is_of_one(std::optional<store::FailureKind> kind) {
  return !kind || *kind == store::FailureKind::constraint || *kind == store::FailureKind::misuse;
}

// Somebody else was faster: it was rolled back.
bool was_in_the_way(std::optional<store::FailureKind> kind) {
  return kind == store::FailureKind::serialization || kind == store::FailureKind::timeout;
}

}  // namespace

Desk::Desk(store::Database& database, const base::Clock& clock, std::size_t waiting_max)
    : database_(database), clock_(clock), waiting_max_(waiting_max), thread_([this] { work(); }) {}

Desk::~Desk() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

Answer Desk::ask(Request request, Beside beside) {
  std::future<Answer> answer;
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= waiting_max_) {
      throw store::Failure(store::FailureKind::overloaded,
                           "too many requests wait for the ledger: try again later");
    }
    queue_.push_back({std::move(request), std::move(beside), {}});
    answer = queue_.back().answer.get_future();
  }
  changed_.notify_one();
  return answer.get();
}

std::size_t Desk::waiting() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

void Desk::work() {
  for (auto group = take(); !group.empty(); group = take()) {
    std::vector<Request> requests;
    requests.reserve(group.size());
    for (Waiting& waiting : group) requests.push_back(std::move(waiting.request));
    serve(requests, group);
  }
}

// Of a hold that was not asked for here, as many as it may have.
std::size_t Desk::postings_of(const Request& request) {
  if (const auto* bundle = std::get_if<Bundle>(&request)) {
    std::size_t count = 0;
    for (const Transfer& transfer : bundle->transfers) count += transfer.postings.size();
    if (!bundle->is_hold()) return count;
    if (holds_.size() >= kHoldsKnownMax) holds_.clear();
    holds_.insert_or_assign(bundle->id, count);
    return count;
  }
  const auto* commit = std::get_if<Commit>(&request);
  const auto known =
      holds_.find(commit != nullptr ? commit->hold : std::get<Release>(request).hold);
  return known == holds_.end() ? kPostingsMax : known->second;
}

// Empty: it is over.
std::vector<Desk::Waiting> Desk::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  std::vector<Waiting> group;
  std::size_t postings = 0;
  while (!queue_.empty() && group.size() < kRequestsMax) {
    postings += postings_of(queue_.front().request);
    if (postings > kGroupPostingsMax && !group.empty()) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Desk::serve(std::span<const Request> requests, std::span<Waiting> group) {
  std::exception_ptr thrown = attempt(requests, group);
  if (thrown && was_in_the_way(kind_of(thrown))) thrown = attempt(requests, group);
  if (!thrown) return;
  if (group.size() == 1 || !is_of_one(kind_of(thrown))) {
    for (Waiting& waiting : group) waiting.answer.set_exception(thrown);
    return;
  }
  for (std::size_t i = 0; i < group.size(); ++i) serve(requests.subspan(i, 1), group.subspan(i, 1));
}

std::exception_ptr Desk::attempt(std::span<const Request> requests, std::span<Waiting> group) {
  try {
    std::vector<Answer> answers = write(requests, group);
    for (std::size_t i = 0; i < group.size(); ++i) group[i].answer.set_value(answers[i]);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

std::vector<Answer> Desk::write(std::span<const Request> requests,
                                std::span<const Waiting> waiting) {
  const base::Moment now = clock_.now();
  return database_.write("ledger.post", [&](store::Unit& unit) {
    std::vector<Answer> answers = post_all(unit, requests, now);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const bool is_new = answers[i] && !answers[i]->is_repeat;
      if (is_new && waiting[i].beside) waiting[i].beside(unit, *answers[i]);
    }
    return answers;
  });
}

}  // namespace ledger
