#include "api/live_answer.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "audience/live_store.h"
#include "customer/test_account.h"

namespace api {
namespace {

constexpr double kNanosecondsInMicrosecond = 1000;
constexpr double kNanosecondsInMillisecond = 1'000'000;

// As the engine knows it, to tell whether it has this very rule.
std::string meaning_of(const Asked& asked) {
  audience::LiveSubject subject;
  subject.states = {"out", "in"};
  subject.rules = {asked.alone->rule};
  return audience::meaning_of(subject);
}

std::set<base::CustomerId> left_out_at(const timeline::Pin& pin, const Asked& asked) {
  std::set<base::CustomerId> persons;
  for (const base::CustomerId customer : asked.left_out) {
    if (const auto place = pin.place_of(customer)) {
      persons.insert(pin.person(place->block, place->row));
    }
  }
  return persons;
}

}  // namespace

std::optional<LiveMembers> live_members(Call& call, const Asked& asked, const timeline::Pin& pin,
                                        base::Moment at) {
  if (!asked.alone || at != call.now() || call.caller().viewer.only() != nullptr) return {};
  const auto engine = call.services().live.engine();
  if (!engine) return {};
  const base::AudienceId id = asked.alone->audience;
  const bool live = call.services().database.read(
      [&](store::Session& session) { return audience::is_live(session, id); });
  if (!live) return {};
  auto list =
      engine->members({audience::SubjectKind::audience, id.value}, {.at_least = pin.position(),
                                                                    .now = at,
                                                                    .patience = kLivePatience,
                                                                    .meaning = meaning_of(asked)});
  if (!list) return {};
  const std::set<base::CustomerId> left_out = left_out_at(pin, asked);
  std::erase_if(list->persons, [&](base::CustomerId person) {
    // Of whom nothing is known any more: erased while they were in it.
    return person == base::CustomerId{} || left_out.contains(person);
  });
  std::ranges::sort(list->persons);
  return LiveMembers{std::move(list->persons), std::max(at, list->point.moment),
                     std::max(pin.position(), list->point.position)};
}

std::vector<base::CustomerId> uncounted(Call& call) {
  return call.services().database.read(
      [](store::Session& session) { return customer::customers_of_test_accounts(session); });
}

LiveCost cost_of(Call& call, const audience::LiveFigures& figures) {
  const auto nanoseconds = static_cast<double>(figures.nanoseconds);
  const base::Moment since = std::max(figures.switched_at, call.services().started_at);
  const auto time = static_cast<double>(std::max<std::int64_t>(1, (call.now() - since).ms));
  LiveCost cost;
  if (figures.evaluations > 0) {
    cost.microseconds =
        nanoseconds / static_cast<double>(figures.evaluations) / kNanosecondsInMicrosecond;
  }
  cost.share = nanoseconds / kNanosecondsInMillisecond / time;
  return cost;
}

std::int64_t members_of(const std::vector<std::int64_t>& in_state) {
  if (in_state.empty()) return 0;
  return std::accumulate(in_state.begin() + 1, in_state.end(), std::int64_t{0});
}

}  // namespace api
