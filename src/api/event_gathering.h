// Small posts of many requests, gathered into few units: while one unit is being made durable the
// next posts collect, and go together. What a unit costs by itself (its savepoint, its customers
// looked up, its COMMIT, on PostgreSQL its transaction) is then paid once for all of them, and no
// handler thread waits.
//
//   request -> handler thread: checked, made ready -> waits here -> one unit -> every answer
//
// When one of several posts is refused, halves of them are written, and halves of those, so that
// the refusal is its own. A lost database is everybody's answer.
//
// Threads: add() from any. Borrows its means.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "api/event_post.h"
#include "api/problem.h"
#include "net/later.h"

namespace api {

inline constexpr std::size_t kGatheredEventsMax = 100;  // of one post; beyond it goes by itself
inline constexpr std::size_t kGatheredUnitEventsMax = 1000;  // of one unit
inline constexpr std::size_t kWaitingPostsMax = 10'000;      // beyond: Failure{overloaded}
inline constexpr std::size_t kWaitingBytesMax =
    std::size_t{64} * 1024 * 1024;  // of their bodies; the same

class EventGathering {
 public:
  explicit EventGathering(const PostMeans& means);
  ~EventGathering();
  EventGathering(const EventGathering&) = delete;
  EventGathering& operator=(const EventGathering&) = delete;

  // The answer to the post, later: what write_posts() and guarded() make of it.
  net::Response add(EventPost post, Language language);
  // Answers everybody who waits, and ends its thread. To be called once nobody adds any more and
  // before the connections that wait for answers go; the destructor does it otherwise.
  void end();

 private:
  // The posts of one unit and, by index, who waits for them.
  struct Waiting {
    Language language;
    std::shared_ptr<net::Later> later;
  };
  struct Group {
    std::vector<EventPost> posts;
    std::vector<Waiting> waiting;
  };

  void work();
  bool take(Group& group);
  void write(std::span<const EventPost> posts, std::span<const Waiting> waiting);

  const PostMeans means_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<EventPost> posts_;  // by mutex_
  std::deque<Waiting> waiting_;  // by mutex_; one a post
  std::size_t bytes_ = 0;        // by mutex_; of posts_
  bool stopping_ = false;        // by mutex_
  std::thread thread_;
};

}  // namespace api
