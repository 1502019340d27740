// What keeping an audience live would take, and what is to be known before.
#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <chrono>
#include <set>

#include "api/asked.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "audience/everyone.h"
#include "audience/may_change.h"
#include "audience/mentions.h"
#include "audience/state.h"
#include "base/check.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;
using timeline::Pin;

constexpr std::int64_t kPersonsSampled = 2000;  // of whom what has come is counted
constexpr std::size_t kPersonsEvaluated = 200;  // of them, to see how long one takes
constexpr base::Duration kLookedBack{7 * base::kDay.ms};
constexpr std::int64_t kDaysLookedBack = 7;
constexpr std::int64_t kManyChanges = 100'000;  // a day
constexpr std::size_t kMuchMemory = 10;         // one of so many parts of what is free
constexpr std::int64_t kPersonsInByte = 8;      // in or out

enum class Warning : std::uint8_t {
  never_changes,
  matches_nobody,
  matches_everybody,
  many_changes,
  much_memory,
};
std::string_view code_of(Warning warning) {
  switch (warning) {
    case Warning::never_changes:
      return "live.never_changes";
    case Warning::matches_nobody:
      return "live.matches_nobody";
    case Warning::matches_everybody:
      return "live.matches_everybody";
    case Warning::many_changes:
      return "live.many_changes";
    case Warning::much_memory:
      return "live.much_memory";
  }
  return {};
}

// Persons at even distances, at most about kPersonsSampled.
std::vector<Pin::Place> sample_of(const Pin& pin) {
  std::vector<Pin::Place> places;
  const std::int64_t step = std::max<std::int64_t>(1, pin.persons() / kPersonsSampled);
  std::int64_t number = 0;
  for (std::size_t block = 0; block < pin.blocks(); ++block) {
    pin.rows(block).each([&](std::size_t row) {
      if (number++ % step == 0) {
        places.push_back({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(row)});
      }
    });
  }
  return places;
}

// How often something came in (from, to] that is mentioned.
std::int64_t changes_in(const timeline::History& history, const timeline::Mentions& mentions,
                        const audience::Stretch& stretch) {
  std::int64_t count = 0;
  const auto is_in = [&](base::Moment at) { return at > stretch.from && at <= stretch.to; };
  for (const base::EventTypeId type : mentions.events) {
    count += std::ranges::count_if(history.events(type), is_in, &timeline::EventAt::time);
  }
  for (const base::AttributeId attribute : mentions.attributes) {
    count += std::ranges::count_if(history.attribute(attribute), is_in,
                                   &timeline::AttributeChange::since);
  }
  for (const timeline::MembershipKey key : mentions.memberships) {
    const auto spans = history.membership(key);
    count += std::ranges::count_if(spans, is_in, &timeline::Span::from);
    count += std::ranges::count_if(spans, is_in, &timeline::Span::to);
  }
  return count;
}

struct Load {
  std::int64_t changes_per_day = 0;
  double microseconds = 0;  // for one change
};

Load load_of(const Pin& pin, const std::shared_ptr<const audience::BoundRule>& rule,
             const timeline::Mentions& mentions, base::Moment at) {
  const std::vector<Pin::Place> sample = sample_of(pin);
  if (sample.empty()) return {};
  std::int64_t changes = 0;
  std::size_t evaluated = 0;
  std::chrono::steady_clock::duration taken{};
  const std::size_t step = std::max<std::size_t>(1, sample.size() / kPersonsEvaluated);
  for (std::size_t number = 0; number < sample.size(); ++number) {
    const auto began = std::chrono::steady_clock::now();
    const auto history = pin.history(sample[number].block, sample[number].row);
    if (number % step == 0) {
      audience::StateStream({&rule, 1}, *history, at).next();
      taken += std::chrono::steady_clock::now() - began;
      ++evaluated;
    }
    changes += changes_in(*history, mentions, {at - kLookedBack, at});
  }
  const double share = static_cast<double>(pin.persons()) / static_cast<double>(sample.size());
  const std::chrono::duration<double, std::micro> microseconds = taken;
  return {static_cast<std::int64_t>(static_cast<double>(changes) * share / kDaysLookedBack),
          microseconds.count() / static_cast<double>(evaluated)};
}

std::size_t free_bytes() {
  const auto pages = sysconf(_SC_AVPHYS_PAGES);
  const auto page = sysconf(_SC_PAGESIZE);
  return pages < 0 || page < 0 ? 0
                               : static_cast<std::size_t>(pages) * static_cast<std::size_t>(page);
}

// How many are in it: about, and exactly where nobody or everybody seems to be, or where one sees
// some only.
struct Size {
  std::int64_t members = 0;
  bool nobody = false;
  bool everybody = false;
};
Size size_of(Call& call, const Asked& asked, const Pin& pin, std::int64_t estimated) {
  if (asked.rule->matches_nobody()) return {.nobody = true};
  const rights::CustomerSet* only = call.caller().viewer.only();
  if (only == nullptr && estimated > 0 && estimated < pin.persons()) return {.members = estimated};
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::count, asked, std::nullopt));
  audience::Question question = question_of(call, asked, call.now());
  turn.watch(question);
  const auto count = audience::count(pin, question, call.services().pool);
  if (!count) throw turn.refusal();
  Size size{.members = *count};
  // Of whom one does not see nothing is told.
  if (only != nullptr) return size;
  std::set<base::CustomerId> left_out;
  for (const base::CustomerId customer : asked.left_out) {
    if (const auto place = pin.place_of(customer)) {
      left_out.insert(pin.person(place->block, place->row));
    }
  }
  size.nobody = *count == 0;
  size.everybody =
      *count > 0 && *count + static_cast<std::int64_t>(left_out.size()) == pin.persons();
  return size;
}

json::array warnings_json(Call& call, const std::vector<Warning>& warnings) {
  json::array out;
  for (const Warning warning : warnings) {
    const ProblemText* text = find_problem(code_of(warning));
    CHECK(text != nullptr);
    out.push_back(json::object{{"code", code_of(warning)},
                               {"detail", sentence_of(*text, language_of(call.request()), "")}});
  }
  return out;
}

// Of one core for the whole rule, divided by those who work on it.
double milliseconds_of(Call& call, const Pin& pin, const Asked& asked,
                       const std::shared_ptr<const audience::BoundRule>& moving) {
  const base::Moment now = call.now();
  double sum = audience::estimate(pin, question_of(call, asked, now)).milliseconds;
  if (moving) {
    const Asked ahead{.rule = moving, .names = asked.names, .left_out = {}};
    sum += audience::estimate(pin, question_of(call, ahead, now + base::kHour)).milliseconds;
  }
  return sum / static_cast<double>(call.services().pool.threads() + 1);
}

net::Response estimate_live(Call& call) {
  const Asked asked = *ask_for(call, {.rule = {}, .audience = call.id(0)});
  const auto pinned = call.pin();
  const Pin& pin = pinned.pin;
  const base::Moment now = call.now();
  std::shared_ptr<const audience::BoundRule> moving;
  timeline::Mentions mentions;
  std::int64_t estimated = 0;
  double milliseconds = 0;
  Load load;
  if (!asked.rule->matches_nobody()) {
    moving = audience::may_change(*asked.rule, {now, now + base::kHour});
    mentions = audience::looks_at(*asked.rule, asked.rule->rule().root).mentions;
    estimated = audience::estimate(pin, question_of(call, asked, now)).rows;
    milliseconds = milliseconds_of(call, pin, asked, moving);
    load = load_of(pin, asked.rule, mentions, now);
  }
  const Size size = size_of(call, asked, pin, estimated);
  const std::int64_t bytes = (pin.persons() + kPersonsInByte - 1) / kPersonsInByte;
  std::vector<Warning> warnings;
  const bool mentions_nothing =
      mentions.events.empty() && mentions.attributes.empty() && mentions.memberships.empty();
  if (!moving && mentions_nothing) warnings.push_back(Warning::never_changes);
  if (size.nobody) warnings.push_back(Warning::matches_nobody);
  if (size.everybody) warnings.push_back(Warning::matches_everybody);
  if (load.changes_per_day > kManyChanges) warnings.push_back(Warning::many_changes);
  if (const std::size_t free = free_bytes();
      free > 0 && static_cast<std::size_t>(bytes) > free / kMuchMemory) {
    warnings.push_back(Warning::much_memory);
  }
  return ok(with_position({{"bytes", bytes},
                           {"milliseconds_to_compute", milliseconds},
                           {"members", size.members},
                           {"share_of_time_tests", moving != nullptr},
                           {"changes_per_day", load.changes_per_day},
                           {"microseconds_per_change", load.microseconds},
                           {"warnings", warnings_json(call, warnings)},
                           {"at", iso(now)}},
                          pinned));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audiences/{id}/estimate", Guard::of(Permission::audiences_read),
     estimate_live},
};

}  // namespace

std::span<const Route> live_estimate_routes() { return kRoutes; }

}  // namespace api
