#include <algorithm>
#include <boost/json/array.hpp>

#include "api/asked.h"
#include "api/kept_sizes.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "audience/audience.h"
#include "audience/question.h"
#include "audience/tree.h"

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

// Names that were unknown do not make it another one: the first that has them moves the log.
std::string meaning_of(const audience::BoundRule& rule) {
  std::string text = rule.zone().name() + audience::to_tree_text(rule.rule());
  for (const auto& [id, definition] : rule.definitions()) {
    text += std::to_string(id.value) + audience::to_tree_text(definition);
  }
  return text;
}

// One audience asked at several moments, all over one moment of the log.
class SizesQuestion {
 public:
  SizesQuestion(Call& call, base::AudienceId audience, const Asked& asked)
      : call_(call), asked_(asked), pinned_(call.pin(given_position(call))) {
    // What is computed of everybody changes without the log.
    const std::uint64_t computed = call.services().fitted.version();
    of_ = {audience, meaning_of(*asked.rule) + std::to_string(computed), asked.left_out,
           pinned_.pin.position()};
  }

  // What is kept, and the others counted in one turn. What has been counted when it is stopped is
  // kept, so that asking again goes on from there.
  const Sizes& sizes_at(std::span<const base::Moment> moments) {
    if (is_everybody()) sizes_ = call_.services().kept_sizes.of(of_);
    if (missing(moments).empty()) return sizes_;
    Questions::Turn turn(call_.services().questions,
                         asked_question(call_, QuestionKind::count, asked_, std::nullopt));
    pin_anew();
    const bool whole = count(missing(moments), turn);
    if (is_everybody() && pinned_.fresh) call_.services().kept_sizes.keep(of_, sizes_);
    if (!whole) throw turn.refusal();
    return sizes_;
  }
  const Call::Pinned& pinned() const { return pinned_; }

 private:
  static std::optional<std::string> given_position(Call& call) {
    const std::string given = call.query("at_least");
    return given.empty() ? std::nullopt : std::optional(given);
  }
  // Who sees some of the customers only counts those, and nobody else's count is theirs.
  bool is_everybody() const { return call_.caller().viewer.only() == nullptr; }

  // It may have waited for its turn.
  void pin_anew() {
    pinned_ = call_.pin();
    if (pinned_.pin.position() == of_.position) return;
    of_.position = pinned_.pin.position();
    sizes_ = is_everybody() ? call_.services().kept_sizes.of(of_) : Sizes{};
  }

  std::vector<base::Moment> missing(std::span<const base::Moment> moments) const {
    std::vector<base::Moment> missing;
    for (const base::Moment at : moments) {
      if (!sizes_.contains(at)) missing.push_back(at);
    }
    return missing;
  }

  // False: stopped.
  bool count(std::span<const base::Moment> moments, Questions::Turn& turn) {
    for (std::size_t part = 0; part < moments.size(); ++part) {
      audience::Question question = question_of(call_, asked_, moments[part]);
      turn.watch(question, {part, moments.size()});
      const auto count = audience::count(pinned_.pin, question, call_.services().pool);
      if (!count) return false;
      sizes_[moments[part]] = *count;
    }
    return true;
  }

  Call& call_;
  const Asked& asked_;
  Call::Pinned pinned_;
  SizesOf of_;
  Sizes sizes_;
};

net::Response list_sizes(Call& call) {
  const base::AudienceId id{call.id(0)};
  const std::vector<base::Moment> moments = midnights(call, days_of(call));
  const auto saved = call.services().database.read(
      [&](store::Session& session) { return audience::audience_with(session, id); });
  if (!saved) throw Refusal("audience.no_such_audience");
  const auto asked = ask_for(call, {.rule = {}, .audience = id.value});
  SizesQuestion question(call, id, *asked);
  const Sizes& sizes = question.sizes_at(moments);
  json::array days;
  for (const base::Moment at : moments) {
    days.push_back(json::object{{"at", iso(at)}, {"customers", sizes.at(at)}});
  }
  return ok(
      with_position({{"version", saved->version}, {"sizes", std::move(days)}}, question.pinned()));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audiences/{id}/sizes", Guard::of(Permission::audiences_read), list_sizes},
};

}  // namespace

std::span<const Route> audience_size_routes() { return kRoutes; }

}  // namespace api
