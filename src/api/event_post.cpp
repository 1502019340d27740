#include "api/event_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "api/call.h"
#include "api/fault.h"
#include "setting/setting.h"

namespace api {
namespace {

// Posts that are appended together: of one sender, none with a key of its own.
struct Joint {
  const EventPost* first;
  std::vector<std::size_t> posts{};               // indexes
  event_log::PreparedEvents joined{};             // of all posts, where there are several
  std::vector<const NamedCustomer*> customers{};  // each name once
  std::vector<std::uint32_t> who{};               // of each event: index into customers
  std::unordered_map<std::string_view, std::uint32_t> numbers{};  // of names; of several posts
  base::Moment now{};                                             // the last of their arrivals

  bool is_one() const { return posts.size() == 1; }
  const event_log::PreparedEvents& events() const { return is_one() ? first->events : joined; }
};

bool join_up(const EventPost& left, const EventPost& right) {
  const customer::WritingOptions& a = left.options;
  const customer::WritingOptions& b = right.options;
  return !left.key && !right.key && a.source == b.source && a.live == b.live && a.actor == b.actor;
}

// The customers of one more post; of a single one every name is new.
void add_customers(Joint& joint, const EventPost& post) {
  if (joint.posts.size() == 1) {
    for (std::uint32_t i = 0; i < joint.customers.size(); ++i) {
      joint.numbers.emplace(joint.customers[i]->name, i);
    }
  }
  std::vector<std::uint32_t> numbers;  // in the joint, of the post's
  for (const NamedCustomer& customer : post.customers) {
    const auto next = static_cast<std::uint32_t>(joint.customers.size());
    std::uint32_t number = next;
    if (!joint.posts.empty()) number = joint.numbers.emplace(customer.name, next).first->second;
    if (number == next) joint.customers.push_back(&customer);
    numbers.push_back(number);
  }
  for (const std::uint32_t who : post.who) joint.who.push_back(numbers[who]);
}

void add(Joint& joint, const EventPost& post, std::size_t index) {
  if (joint.posts.size() == 1) joint.joined = joint.first->events;
  if (!joint.posts.empty()) event_log::join(joint.joined, post.events);
  add_customers(joint, post);
  joint.posts.push_back(index);
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

// Of each event; nothing of a repeat, which makes no customer either.
std::vector<base::CustomerId> customers_of(customer::Writing& writing, const Joint& joint,
                                           const event_log::Repeats& repeats,
                                           customer::RememberedKeys& keys) {
  std::vector<bool> is_named(joint.customers.size());
  for (std::size_t i = 0; i < joint.who.size(); ++i) {
    if (!repeats[i]) is_named[joint.who[i]] = true;
  }
  std::vector<const NamedCustomer*> wanted;
  std::vector<std::size_t> numbers(joint.customers.size());  // in `wanted`
  for (std::size_t i = 0; i < joint.customers.size(); ++i) {
    if (!is_named[i]) continue;
    numbers[i] = wanted.size();
    wanted.push_back(joint.customers[i]);
  }
  const auto found = find_or_create_all(writing, wanted, keys);
  std::vector<base::CustomerId> customers(joint.who.size());
  for (std::size_t i = 0; i < customers.size(); ++i) {
    if (!repeats[i]) customers[i] = found[numbers[joint.who[i]]];
  }
  return customers;
}

base::Result<event_log::Appended, event_log::AppendError> append(store::Unit& unit,
                                                                 const PostMeans& means,
                                                                 const Joint& joint) {
  const event_log::Origin origin = origin_of(unit, joint);
  customer::WritingOptions options = joint.first->options;
  options.now = joint.now;
  customer::Writing writing(unit, means.log, options);
  writing.hold_customers();
  const auto repeats = means.log.find_repeats(unit, origin, joint.events());
  const auto customers = customers_of(writing, joint, repeats, means.keys);
  return means.log.append(unit, origin, joint.events(), {customers, &repeats});
}

void tell(const Joint& joint, const event_log::Appended& appended, std::span<const EventPost> posts,
          std::vector<PostOutcome>& outcomes) {
  std::size_t event = 0;
  for (const std::size_t post : joint.posts) {
    PostOutcome& outcome = outcomes[post];
    for (std::size_t i = 0; i < posts[post].who.size(); ++i, ++event) {
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

std::vector<PostOutcome> write_posts(const PostMeans& means, std::span<const EventPost> posts) {
  const std::vector<Joint> joints = join(posts);
  std::vector<PostOutcome> outcomes;
  const auto done = means.database.write(
      "event.append", [&](store::Unit& unit) -> base::Result<std::int64_t, Unwritten> {
        outcomes.assign(posts.size(), {});
        std::int64_t written = 0;
        for (const Joint& joint : joints) {
          const auto appended = append(unit, means, joint);
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
    outcome.position =
        means.database.read([&](store::Session& session) { return means.log.newest(session); });
  }
  return outcomes;
}

net::Response response_of(const PostOutcome& outcome) {
  // Nothing in it needs escaping.
  return net::make_response(
      201, "application/json",
      fmt::format(R"({{"accepted":{},"repeated":{},"position":"{}"}})", outcome.written,
                  outcome.repeated, event_log::to_text(outcome.position)));
}

}  // namespace api
