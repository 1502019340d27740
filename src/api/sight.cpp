#include "api/sight.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <stop_token>
#include <utility>

#include "account/assignment.h"
#include "api/call.h"
#include "api/problem.h"
#include "api/services.h"
#include "audience/bind.h"
#include "audience/catalog.h"
#include "audience/everyone.h"
#include "audience/question.h"
#include "base/check.h"
#include "setting/setting.h"

namespace api {
namespace {

// Of one rule, which then has fewer than kRuleBytesMax bytes whatever the words are.
constexpr std::size_t kWordsAtOnce = 50;

// store in ("HZ01", "云岫西湖店")
std::string rule_of(std::span<const std::string> words) {
  std::string rule = std::string(account::kStoreAttribute) + " in (";
  for (const std::string& word : words) {
    if (rule.back() != '(') rule += ", ";
    rule += '"';
    for (const char c : word) {
      if (c == '"' || c == '\\') rule += '\\';
      rule += c;
    }
    rule += '"';
  }
  return rule + ")";
}

// The rules that say who belongs to a store by these words; none where nobody can.
std::vector<std::shared_ptr<const audience::BoundRule>> rules_of(
    store::Session& session, Services& services, std::span<const std::string> words) {
  const auto names = audience::Catalog::of(session, services.log.catalog());
  const auto attribute = names->attribute(account::kStoreAttribute);
  if (!attribute || attribute->type != base::ValueType::text) return {};
  const base::Zone zone = setting::read(session).zone;
  audience::BindOptions options;
  options.zone = &zone;
  std::vector<std::shared_ptr<const audience::BoundRule>> rules;
  while (!words.empty()) {
    const auto here = words.first(std::min(kWordsAtOnce, words.size()));
    words = words.subspan(here.size());
    auto rule = audience::compile(rule_of(here), *names, options);
    CHECK(rule.has_value());
    rules.push_back(std::move(*rule));
  }
  return rules;
}

timeline::Pin fresh_pin(Services& services) {
  auto pin = services.memory.fresh_pin();
  if (!pin) throw Refusal("api.position_not_reached");
  return std::move(*pin);
}

std::vector<base::CustomerId> found_by(Services& services, std::span<const std::string> words,
                                       const timeline::Pin& pin, const std::stop_token& stop) {
  std::vector<base::CustomerId> persons;
  const auto rules = services.database.read(
      [&](store::Session& session) { return rules_of(session, services, words); });
  const rights::Viewer everybody = rights::Viewer::system("sight");
  for (const auto& rule : rules) {
    const auto found = audience::matching(
        pin, {.rule = *rule, .at = services.clock.now(), .viewer = everybody, .stop = stop},
        services.pool);
    if (!found) throw Refusal("api.asker_gone");
    persons.insert(persons.end(), found->begin(), found->end());
  }
  return persons;
}

}  // namespace

void await_friendships(Services& services) {
  if (!services.friendships.catch_up(kAwaitMax).fresh) throw Refusal("api.position_not_reached");
}

rights::CustomerSet Sights::of(Services& services, const rights::User& user,
                               const net::Request& request) {
  CHECK(user.scope != rights::Scope::all);
  await_friendships(services);
  account::Sight sight = services.database.read([&](store::Session& session) {
    return user.scope == rights::Scope::own ? account::sight_of_own(session, user.staff)
                                            : account::sight_of_stores(session, user.staff);
  });
  if (!sight.store_words.empty()) {
    std::ranges::sort(sight.store_words);
    const Persons persons = by_attribute(services, sight.store_words, request);
    sight.assigned.insert(sight.assigned.end(), persons->begin(), persons->end());
  }
  return rights::CustomerSet(std::move(sight.assigned));
}

Sights::Persons Sights::by_attribute(Services& services, const Words& words,
                                     const net::Request& request) {
  // Nobody is answered from a state before the one they came to.
  const event_log::Position position = fresh_pin(services).position();
  std::unique_lock lock(mutex_);
  if (Persons persons = kept(words, position, services.clock.now())) return persons;
  const std::stop_token gone = request.sender_gone();
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kSightPatience.ms);
  while (asking_) {
    const bool free = changed_.wait_until(lock, gone, until, [this] { return !asking_; });
    if (gone.stop_requested()) throw Refusal("api.asker_gone");
    if (!free) throw Refusal("api.too_many_questions");
    if (Persons persons = kept(words, position, services.clock.now())) return persons;
  }
  asking_ = true;
  lock.unlock();
  struct Ending {
    Sights& sights;
    ~Ending() { sights.end_asking(); }
  };
  const Ending ending{*this};
  // Those who have come meanwhile are answered with it, too.
  const timeline::Pin pin = fresh_pin(services);
  const base::Moment at = services.clock.now();
  auto persons =
      std::make_shared<const std::vector<base::CustomerId>>(found_by(services, words, pin, gone));
  keep(words, {pin.position(), at, persons});
  return persons;
}

void Sights::end_asking() {
  {
    const std::scoped_lock lock(mutex_);
    asking_ = false;
  }
  changed_.notify_all();
}

Sights::Persons Sights::kept(const Words& words, const event_log::Position& position,
                             base::Moment now) {
  const auto found = kept_.find(words);
  if (found == kept_.end() || found->second.position < position) return nullptr;
  const base::Duration age = now - found->second.at;
  if (age < base::Duration{0} || age > kSightKept) return nullptr;
  found->second.used = ++used_;
  return found->second.persons;
}

void Sights::keep(const Words& words, Kept found) {
  const std::scoped_lock lock(mutex_);
  found.used = ++used_;
  kept_.insert_or_assign(words, std::move(found));
  const auto persons = [this] {
    std::size_t sum = 0;
    for (const auto& [of, each] : kept_) sum += each.persons->size() + 1;
    return sum;
  };
  while (persons() > kSightPersonsMax) {
    kept_.erase(
        std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.used; }));
  }
}

}  // namespace api
