#include <algorithm>
#include <boost/json/array.hpp>
#include <map>

#include "api/asked.h"
#include "api/route.h"
#include "audience/audience.h"
#include "audience/question.h"
#include "audience/size.h"
#include "log/position.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::int64_t kDaysMax = 400;
constexpr std::int64_t kDays = 30;  // when none are given

std::int64_t days_of(Call& call) {
  const std::string given = call.query("days");
  if (given.empty()) return kDays;
  const auto days = read_integer(given);
  if (!days || *days < 1 || *days > kDaysMax) throw Refusal("api.bad_query", {{"subject", "days"}});
  return *days;
}

// Midnights of the workspace's zone up to today's, the earliest first.
std::vector<base::Moment> midnights(Call& call, std::int64_t days) {
  std::vector<base::Moment> all;
  for (std::int64_t back = days - 1; back >= 0; --back) {
    all.push_back(call.zone().period_start(call.now(), base::CalendarUnit::day, -back));
  }
  return all;
}

using Sizes = std::map<base::Moment, audience::Size>;

// Counts what is not there yet, all over one moment of the log and in one turn.
void count_missing(Call& call, std::span<const base::Moment> moments, const Asked& asked,
                   Sizes& sizes) {
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::count, asked, std::nullopt));
  const auto pinned = call.pin();
  for (const base::Moment at : moments) {
    if (sizes.contains(at)) continue;
    audience::Question question = question_of(call, asked, at);
    turn.watch(question);
    const auto count = audience::count(pinned.pin, question, call.services().pool);
    if (!count) throw turn.refusal();
    sizes[at] = {at, *count, pinned.pin.position(), call.now()};
  }
}

Sizes kept_sizes(Call& call, const audience::SizesOf& of) {
  Sizes sizes;
  call.services().database.read([&](store::Session& session) {
    for (const audience::Size& size : audience::sizes_of(session, of)) sizes[size.at] = size;
  });
  return sizes;
}

net::Response list_sizes(Call& call) {
  const base::AudienceId id{call.id(0)};
  const std::vector<base::Moment> moments = midnights(call, days_of(call));
  const auto saved = call.services().database.read(
      [&](store::Session& session) { return audience::audience_with(session, id); });
  if (!saved) throw Refusal("audience.no_such_audience");
  const auto asked = ask_for(call, {.rule = {}, .audience = id.value});
  const audience::SizesOf of{id, saved->version, call.now()};
  // Who sees some of the customers only counts those, and nobody else's count is theirs.
  const bool everybody = call.caller().viewer.only() == nullptr;
  Sizes sizes = everybody ? kept_sizes(call, of) : Sizes{};
  const auto is_there = [&](base::Moment at) { return sizes.contains(at); };
  if (!std::ranges::all_of(moments, is_there)) {
    count_missing(call, moments, *asked, sizes);
    std::vector<audience::Size> counted;
    for (const auto& [at, size] : sizes) {
      if (size.computed_at == call.now()) counted.push_back(size);
    }
    if (everybody) {
      call.services().database.write(
          "audience.sizes", [&](store::Unit& unit) { audience::keep_sizes(unit, of, counted); });
    }
  }
  json::array days;
  for (const base::Moment at : moments) {
    const audience::Size& size = sizes.at(at);
    days.push_back(json::object{{"at", iso(at)},
                                {"customers", size.customers},
                                {"position", event_log::to_text(size.position)}});
  }
  return ok(json::object{{"version", saved->version}, {"sizes", std::move(days)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audiences/{id}/sizes", Guard::of(Permission::audiences_read), list_sizes},
};

}  // namespace

std::span<const Route> audience_size_routes() { return kRoutes; }

}  // namespace api
