#include "api/event_gathering.h"

#include <exception>
#include <utility>

#include "api/dispatch.h"

namespace api {

EventGathering::EventGathering(const PostMeans& means)
    : means_(means), thread_([this] { work(); }) {}

EventGathering::~EventGathering() { end(); }

void EventGathering::end() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

net::Response EventGathering::add(EventPost post, Language language) {
  net::Response response;
  response.later = std::make_shared<net::Later>();
  bool is_first = false;
  {
    const std::scoped_lock lock(mutex_);
    if (posts_.size() >= kWaitingPostsMax || bytes_ + post.bytes > kWaitingBytesMax) {
      throw store::Failure(store::FailureKind::overloaded, "too many posts are waiting");
    }
    is_first = posts_.empty();
    bytes_ += post.bytes;
    posts_.push_back(std::move(post));
    waiting_.push_back({language, response.later});
  }
  if (is_first) changed_.notify_one();
  return response;
}

void EventGathering::work() {
  Group group;
  while (take(group)) write(group.posts, group.waiting);
}

// False: the end, and nobody waits.
bool EventGathering::take(Group& group) {
  group = {};
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || !posts_.empty(); });
  std::size_t events = 0;
  while (!posts_.empty()) {
    events += posts_.front().who.size();
    if (events > kGatheredUnitEventsMax && !group.posts.empty()) break;
    bytes_ -= posts_.front().bytes;
    group.posts.push_back(std::move(posts_.front()));
    group.waiting.push_back(std::move(waiting_.front()));
    posts_.pop_front();
    waiting_.pop_front();
  }
  return !group.posts.empty();
}

void EventGathering::write(std::span<const EventPost> posts, std::span<const Waiting> waiting) {
  std::vector<PostOutcome> outcomes;
  std::exception_ptr error;
  try {
    outcomes = write_posts(means_, posts);
  } catch (const Refusal&) {
    if (posts.size() > 1) {
      // By halves: a caller who is refused all the time costs the others a few commits, not each
      // one.
      const std::size_t half = posts.size() / 2;
      write(posts.first(half), waiting.first(half));
      write(posts.subspan(half), waiting.subspan(half));
      return;
    }
    error = std::current_exception();
  } catch (...) {
    error = std::current_exception();
  }
  for (std::size_t i = 0; i < posts.size(); ++i) {
    waiting[i].later->answer(guarded(waiting[i].language, [&]() -> net::Response {
      if (error != nullptr) std::rethrow_exception(error);
      return response_of(outcomes[i]);
    }));
  }
}

}  // namespace api
