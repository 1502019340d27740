#include "api/sight.h"

#include <algorithm>
#include <span>

#include "account/assignment.h"
#include "api/call.h"
#include "api/problem.h"
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

void add_by_attribute(Services& services, std::span<const std::string> words,
                      std::vector<base::CustomerId>& seen) {
  if (words.empty()) return;
  const auto rules = services.database.read(
      [&](store::Session& session) { return rules_of(session, services, words); });
  if (rules.empty()) return;
  const auto pin = services.memory.fresh_pin();
  if (!pin) throw Refusal("api.position_not_reached");
  const rights::Viewer everybody = rights::Viewer::system("sight");
  for (const auto& rule : rules) {
    const auto found = audience::matching(
        *pin, {.rule = *rule, .at = services.clock.now(), .viewer = everybody}, services.pool);
    CHECK(found.has_value());  // nobody stops it
    seen.insert(seen.end(), found->begin(), found->end());
  }
}

}  // namespace

void await_friendships(Services& services) {
  if (!services.friendships.catch_up(kAwaitMax).fresh) throw Refusal("api.position_not_reached");
}

rights::CustomerSet seen_by(Services& services, const rights::User& user) {
  CHECK(user.scope != rights::Scope::all);
  await_friendships(services);
  account::Sight sight = services.database.read([&](store::Session& session) {
    return user.scope == rights::Scope::own ? account::sight_of_own(session, user.staff)
                                            : account::sight_of_stores(session, user.staff);
  });
  add_by_attribute(services, sight.store_words, sight.assigned);
  return rights::CustomerSet(std::move(sight.assigned));
}

}  // namespace api
