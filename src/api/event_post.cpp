#include "api/event_post.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "api/call.h"
#include "api/customer_name.h"
#include "api/fault.h"
#include "setting/setting.h"

namespace api {
namespace {

// Posts that are appended together: of one sender, none with a key of its own.
struct Joint {
  const EventPost* first;
  std::vector<std::size_t> posts{};         // indexes
  event_log::PreparedEvents joined{};       // of all posts, where there are several
  std::vector<const std::string*> names{};  // in the events
  CustomersByName fresh{};                  // the same
  base::Moment now{};                       // the last of their arrivals

  bool is_one() const { return posts.size() == 1; }
  const event_log::PreparedEvents& events() const { return is_one() ? first->events : joined; }
};

bool join_up(const EventPost& left, const EventPost& right) {
  const customer::WritingOptions& a = left.options;
  const customer::WritingOptions& b = right.options;
  return !left.key && !right.key && a.source == b.source && a.live == b.live && a.actor == b.actor;
}

void add(Joint& joint, const EventPost& post, std::size_t index) {
  if (joint.posts.size() == 1) joint.joined = joint.first->events;
  if (!joint.posts.empty()) event_log::join(joint.joined, post.events);
  joint.posts.push_back(index);
  for (const std::string& name : post.customers) joint.names.push_back(&name);
  joint.fresh.insert(post.fresh.begin(), post.fresh.end());
  joint.now = std::max(joint.now, post.options.now);
}

std::vector<Joint> join(std::span<const EventPost> posts) {
  std::vector<Joint> joints;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    auto to = std::ranges::find_if(
        joints, [&](const Joint& joint) { return join_up(*joint.first, posts[i]); });
    if (to == joints.end()) to = joints.insert(joints.end(), Joint{.first = &posts[i]});
    add(*to, posts[i], i);
  }
  return joints;
}

event_log::Origin origin_of(store::Session& session, const Joint& joint) {
  const customer::WritingOptions& options = joint.first->options;
  event_log::Origin origin;
  origin.source = options.source;
  origin.liveness = options.live ? event_log::Liveness::live : event_log::Liveness::history;
  origin.now = joint.now;
  origin.key = joint.first->key;
  const bool any_key =
      origin.key || std::ranges::any_of(joint.events().events,
                                        [](const auto& event) { return event.key.has_value(); });
  if (any_key) origin.key_window = setting::read(session).idempotency_window;
  return origin;
}

// Without those that only repeated events name: a repeat makes no customer.
CustomersByName wanted_of(const Joint& joint, const event_log::Repeats& repeats) {
  if (std::ranges::find(repeats, true) == repeats.end()) return joint.fresh;
  CustomersByName wanted;
  for (std::size_t i = 0; i < repeats.size(); ++i) {
    if (!repeats[i]) wanted.insert(*joint.fresh.find(*joint.names[i]));
  }
  return wanted;
}

base::Result<event_log::Appended, event_log::AppendError> append(store::Unit& unit,
                                                                 event_log::Log& log,
                                                                 const Joint& joint) {
  const event_log::Origin origin = origin_of(unit, joint);
  customer::WritingOptions options = joint.first->options;
  options.now = joint.now;
  customer::Writing writing(unit, log, options);
  const auto repeats = log.find_repeats(unit, origin, joint.events());
  const auto found = find_or_create_all(writing, wanted_of(joint, repeats));
  std::vector<base::CustomerId> customers(joint.names.size());
  for (std::size_t i = 0; i < customers.size(); ++i) {
    if (!repeats[i]) customers[i] = found.at(*joint.names[i]);
  }
  return log.append(unit, origin, joint.events(), {customers, &repeats});
}

void tell(const Joint& joint, const event_log::Appended& appended, std::span<const EventPost> posts,
          std::vector<PostOutcome>& outcomes) {
  std::size_t event = 0;
  for (const std::size_t post : joint.posts) {
    PostOutcome& outcome = outcomes[post];
    for (std::size_t i = 0; i < posts[post].customers.size(); ++i, ++event) {
      const event_log::Outcome& one = appended.outcomes[event];
      ++(one.repeated ? outcome.repeated : outcome.written);
      outcome.position = std::max(outcome.position, one.position);
    }
    if (joint.first->key) outcome.position = std::max(outcome.position, appended.last);
  }
}

// Why nothing was written: an event was refused, or (empty) all were known already.
struct Unwritten {
  std::optional<event_log::AppendError> refused = std::nullopt;
};

}  // namespace

std::vector<PostOutcome> write_posts(store::Database& database, event_log::Log& log,
                                     std::span<const EventPost> posts) {
  const std::vector<Joint> joints = join(posts);
  std::vector<PostOutcome> outcomes;
  const auto done = database.write(
      "event.append", [&](store::Unit& unit) -> base::Result<std::int64_t, Unwritten> {
        outcomes.assign(posts.size(), {});
        std::int64_t written = 0;
        for (const Joint& joint : joints) {
          const auto appended = append(unit, log, joint);
          if (!appended) return base::unexpected(Unwritten{appended.error()});
          tell(joint, *appended, posts, outcomes);
          written += appended->written;
        }
        if (written == 0) return base::unexpected(Unwritten{});  // repeats leave nothing behind
        return written;
      });
  if (!done && done.error().refused) refuse(*done.error().refused);
  for (PostOutcome& outcome : outcomes) {
    if (outcome.position != event_log::Position{}) continue;
    // A repeat of what nobody knows the place of any more.
    outcome.position = database.read([&](store::Session& session) { return log.newest(session); });
  }
  return outcomes;
}

net::Response response_of(const PostOutcome& outcome) {
  return created(boost::json::object{{"accepted", outcome.written},
                                     {"repeated", outcome.repeated},
                                     {"position", event_log::to_text(outcome.position)}});
}

}  // namespace api
