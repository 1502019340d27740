#include "demo/day.h"

#include <algorithm>
#include <array>
#include <utility>

#include "demo/text.h"

namespace demo {
namespace {

// From Monday.
constexpr std::array<double, 7> kWeekdays = {0.8, 0.8, 0.9, 0.9, 1.1, 1.4, 1.3};
constexpr double kFestivalComes = 2.5;
constexpr double kComesMax = 0.95;
constexpr std::int64_t kComesBackFrom = 30;  // days of silence
constexpr double kComesBackADay = 0.0007;
constexpr std::int64_t kPresentDays = 16;  // around their day

}  // namespace

Days::Days(const Plan& plan, const Person& person, Teller& teller)
    : plan_(plan),
      person_(person),
      teller_(teller),
      shopping_(person, teller),
      talk_(person, teller),
      club_(person, teller) {}

void Days::live(std::int64_t days_ago) {
  // Dice of this day, whatever the days before have taken.
  Dice dice(plan_.seed(), static_cast<std::uint64_t>(person_.number),
            static_cast<std::uint64_t>(kOldestDays - days_ago) + 1);
  const Today today{plan_, days_ago, dice};
  if (!std::exchange(has_arrived_, true)) arrive(today);
  club_.day(today);
  if (person_.kind == Kind::seasonal) give_presents(today);
  if (days_ago >= plan_.days() && person_.kind != Kind::lost) return;
  if (days_ago == leaves_ago_) leave(today);
  receive_messages(today);
  talk_.day(today, !is_silent_);
  shop(today);
}

// By what they came: the account, a member of the staff, a group.
void Days::arrive(const Today& today) {
  Dice& dice = today.dice;
  const base::Moment since = teller_.created_at();
  if (dice.chance(0.4) || person_.kind == Kind::stranger) scan(since);
  if (person_.kind == Kind::stranger) return;
  follows_ = dice.chance(0.75) || person_.kind == Kind::follower;
  if (follows_) {
    teller_.event("followed", since,
                  {{"account", json_of(text("account").text)},
                   {"scene", json_of(dice.weighted(texts("scene")).text)}});
  }
  if (person_.kind != Kind::follower && dice.chance(0.65)) {
    befriend(dice, since + minutes(dice.between(1, 30)));
  }
  if (!dice.chance(0.3)) return;
  group_ = dice.one_of(texts("group")).text;
  teller_.event("group_joined", since + hours(dice.between(1, 40)),
                {{"group", json_of(group_)}, {"how", json_of(person_.way)}});
}

void Days::scan(base::Moment time) {
  teller_.event("code_scanned", time,
                {{"code", json_of(person_.way)}, {"account", json_of(text("account").text)}});
}

void Days::befriend(Dice& dice, base::Moment since) {
  is_friend_ = true;
  teller_.event("friend_added", since,
                {{"staff", json_of(person_.staff)}, {"way", json_of(person_.way)}});
  teller_.looked_after({person_.staff, since});
  if (dice.chance(0.1)) {
    teller_.event("message_received", since + minutes(dice.between(1, 90)),
                  {{"staff", json_of(person_.staff)}, {"kind", json_of("text")}});
  }
}

void Days::shop(const Today& today) {
  Dice& dice = today.dice;
  if (person_.lost_ago == today.ago && !is_silent_) lose_interest(today);
  if (plan_.begins_festival(today.ago) && !is_silent_ && person_.buys > 0 && dice.chance(0.25)) {
    shopping_.get_coupon(today.start() + hours(8));
  }
  if (!comes(today)) return;
  const base::Moment time = today.moment();
  // On the day somebody becomes a customer they do so first.
  if (time < teller_.created_at() + minutes(20)) return;
  if (is_silent_) come_back(today, time);
  if (shopping_.visit(today, time) && dice.chance(person_.last_order)) lose_interest(today);
}

bool Days::comes(const Today& today) {
  if (is_silent_) {
    // Whoever was lost when the brand was made stays so until then.
    const bool may =
        silent_ago_ - today.ago >= kComesBackFrom && (person_.kind != Kind::lost || today.ago < 0);
    return may && today.dice.chance(kComesBackADay);
  }
  const int weekday = plan_.weekday_of(today.ago);
  double likely = person_.visits_a_day * kWeekdays[static_cast<std::size_t>(weekday - 1)];
  if (plan_.is_festival(today.ago)) likely *= kFestivalComes;
  if (std::exchange(eager_, false) && person_.visits_a_day > 0) likely += 0.15;
  return today.dice.chance(std::min(likely, kComesMax));
}

void Days::lose_interest(const Today& today) {
  is_silent_ = true;
  silent_ago_ = today.ago;
  leaves_ago_ = today.dice.chance(0.35) ? today.ago - today.dice.between(3, 60) : kNever;
}

void Days::come_back(const Today& today, base::Moment time) {
  is_silent_ = false;
  leaves_ago_ = kNever;
  if (!follows_ && today.dice.chance(0.5)) {
    follows_ = true;
    teller_.event("followed", time,
                  {{"account", json_of(text("account").text)},
                   {"scene", json_of(today.dice.weighted(texts("scene")).text)}});
  }
}

void Days::leave(const Today& today) {
  Dice& dice = today.dice;
  const base::Moment time = today.moment();
  if (std::exchange(follows_, false)) {
    teller_.event("unfollowed", time, {{"account", json_of(text("account").text)}});
  }
  if (is_friend_ && dice.chance(0.6)) {
    is_friend_ = false;
    const base::Moment parted = time + minutes(dice.between(1, 50));
    teller_.event("friend_removed", parted,
                  {{"staff", json_of(person_.staff)}, {"by", json_of("customer")}});
    teller_.looked_after({.staff = person_.staff, .since = parted, .ended = true});
  }
  if (!group_.empty()) {
    teller_.event("group_left", time + hours(1), {{"group", json_of(group_)}});
    group_ = "";
  }
  if (person_.consents && dice.chance(0.4)) {
    teller_.consent({.channel = texts("consent_channel").front().text,
                     .given = false,
                     .since = time + minutes(2)});
  }
}

// Within the days around their own, once a year.
void Days::give_presents(const Today& today) {
  const std::int64_t year = 365;
  const std::int64_t day = (((person_.season_ago - today.ago) % year) + year) % year;
  if (day >= kPresentDays) {
    gave_presents_ = false;
    return;
  }
  if (gave_presents_ || today.ago >= person_.first_ago || !today.dice.chance(0.18)) return;
  gave_presents_ = true;
  shopping_.buy_presents(today);
}

void Days::receive_messages(const Today& today) {
  if (!person_.consents) return;
  const Text* const campaign = plan_.campaign_on(today.ago);
  if (campaign == nullptr) return;
  Dice& dice = today.dice;
  const auto tell = [&](std::string_view event, base::Moment time) {
    teller_.event(event, time,
                  {{"message", json_of(campaign->text)},
                   {"play", json_of("broadcast")},
                   {"channel", json_of(text("campaign_channel").text)}});
  };
  const base::Moment sent = today.start() + hours(10) + minutes(dice.between(0, 59));
  if (sent < teller_.created_at()) return;
  tell("message_sent", sent);
  if (!dice.chance(0.97)) return;
  tell("message_delivered", sent + minutes(1));
  if (!dice.chance(is_silent_ ? 0.12 : 0.42)) return;
  const base::Moment opened = sent + minutes(dice.between(2, 600));
  tell("message_opened", opened);
  if (!dice.chance(0.22)) return;
  tell("message_clicked", opened + minutes(1));
  eager_ = true;
}

}  // namespace demo
