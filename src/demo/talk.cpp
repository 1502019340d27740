#include "demo/talk.h"

#include "base/value.h"
#include "demo/text.h"

namespace demo {
namespace {

constexpr double kOfWhoIsSilent = 0.2;
constexpr double kLeadersMore = 5;
constexpr std::int64_t kLiveEvery = 14;

}  // namespace

void Talk::day(const Today& today, bool is_there) {
  if (person_.kind == Kind::stranger) return;
  Dice& dice = today.dice;
  const double often = (is_there ? 1 : kOfWhoIsSilent) * (person_.leads ? kLeadersMore : 1);
  const auto does = [&](bool is_theirs, double a_day) {
    return is_theirs && dice.chance(a_day * often);
  };
  const auto article = [&] { return json_of(dice.one_of(texts("article")).text); };
  const auto tell = [&](std::string_view event, std::string_view property,
                        boost::json::value value) {
    teller_.event(event, today.moment(), {{property, std::move(value)}});
  };
  if (does(person_.reads, 0.03)) tell("article_read", "article", article());
  if (does(person_.shares, 0.02)) tell("article_shared", "article", article());
  if (does(person_.likes, 0.03)) tell("moment_liked", "moment", article());
  if (does(person_.likes, 0.01)) tell("moment_commented", "moment", article());
  if (does(person_.posts, 0.03)) tell("content_posted", "kind", json_of(text("post").text));
  if (today.ago % kLiveEvery == 0 && does(person_.reads, 0.08)) {
    teller_.event("live_attended", today.start() + hours(20) + minutes(dice.between(0, 40)),
                  {{"seconds", dice.between(60, 3600)}});
  }
  if (does(person_.invites, 0.012)) {
    const base::Moment time = today.moment();
    const boost::json::value campaign = json_of(text("invitation").text);
    teller_.event("friend_invited", time, {{"campaign", campaign}});
    if (dice.chance(0.6)) {
      teller_.event("invite_counted", time + minutes(dice.between(3, 2000)),
                    {{"campaign", campaign}});
    }
  }
  if (person_.checks_in && today.plan.is_check_in(today.ago) && is_there && dice.chance(0.75)) {
    tell("checked_in", "campaign", json_of(text("checkin").text));
  }
}

void Club::day(const Today& today) {
  const std::int64_t day = person_.club_ago - today.ago;
  if (day < 0) return;
  Dice& dice = today.dice;
  const boost::json::value plan = json_of(text("club").text);
  if (day == 0) {
    teller_.event("trial_started", today.moment(), {{"plan", plan}});
    is_member_ = true;
  }
  if (!is_member_) return;
  if (day >= kTrialDays && (day - kTrialDays) % kClubMonthDays == 0) decide(today, today.moment());
  if (is_member_ && day > 0 && dice.chance(0.12)) {
    teller_.event("product_used", today.moment(),
                  {{"feature", json_of(dice.one_of(texts("club_feature")).text)}});
  }
}

void Club::decide(const Today& today, base::Moment time) {
  const boost::json::value plan = json_of(text("club").text);
  const bool ends_trial = person_.club_ago - today.ago == kTrialDays;
  if (today.dice.chance(ends_trial ? 0.62 : 0.92)) {
    const std::string amount = base::to_text(base::Value(base::Money{text("club").number}));
    teller_.event("subscription_paid", time, {{"plan", plan}, {"amount", json_of(amount)}});
    return;
  }
  is_member_ = false;
  teller_.event("subscription_ended", time, {{"plan", plan}});
}

}  // namespace demo
