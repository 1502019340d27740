#include "audience/random_question.h"

#include <algorithm>

namespace audience {

using base::Moment;
using base::ValueType;
using timeline::MembershipKind;

namespace {

constexpr std::int64_t kMinutesAround = 5 * 24 * 60;

// Below `count`, the same on every machine (the standard's distributions are not).
std::size_t below(std::mt19937& random, std::size_t count) { return random() % count; }

}  // namespace

void declare_random_names(Example& example) {
  MemoryNames& names = example.names;
  names.declare_attribute("age", ValueType::integer);
  names.declare_attribute("score", ValueType::decimal);
  names.declare_attribute("deposit", ValueType::money);
  names.declare_attribute("city", ValueType::text);
  names.declare_attribute("vip", ValueType::boolean);
  names.declare_attribute("seen", ValueType::time);
  names.declare_attribute("born", ValueType::date);
  names.declare_attribute("likes", ValueType::text_list);
  for (const char* event : {"viewed", "added", "paid"}) {
    example.event_type(event, {{"sku", ValueType::text},
                               {"shop", ValueType::text},
                               {"count", ValueType::integer},
                               {"amount", ValueType::money},
                               {"due", ValueType::time}});
  }
  names.declare_tag("level", "gold");
  names.declare_tag("level", "silver");
  names.declare_tag("state", "quiet");
  names.declare_list("regulars");
  names.declare_consent("marketing", "sms");
  names.declare_consent("marketing", "mail");
  names.declare_identity_kind("phone");
  names.declare_audience("buyers", "did paid in last 2d or tag \"level/gold\"");
}

namespace {

class PastTeller {
 public:
  PastTeller(Example& example, std::mt19937& random, RandomPast& past)
      : example_(example), random_(random), past_(past) {
    const bool spring = below(random_, 2) == 0;
    middle_ = example.moment(spring ? "2026-03-08T12:00" : "2025-11-02T12:00");
  }

  // Mostly whole days and hours from the middle, sometimes a millisecond beside.
  Moment time() {
    static constexpr std::int64_t kSteps[] = {60'000, 3'600'000, 43'200'000, 86'400'000};
    const std::int64_t step = kSteps[below(random_, 4)];
    const std::int64_t steps = kMinutesAround * 60'000 / step;
    const auto number =
        static_cast<std::int64_t>(below(random_, static_cast<std::size_t>(2 * steps + 1))) - steps;
    const std::int64_t beside = static_cast<std::int64_t>(below(random_, 8)) - 1;
    const Moment at{middle_.ms + number * step + (beside <= 1 ? beside : 0)};
    past_.times.push_back(at);
    return at;
  }
  std::string text(Moment at) const { return base::to_iso8601_utc(at); }
  std::string one_of(std::initializer_list<const char*> choices) {
    return *(choices.begin() + below(random_, choices.size()));
  }
  bool sometimes(std::size_t percent) { return below(random_, 100) < percent; }

  void tell_events() {
    const std::size_t count = below(random_, 9);
    std::vector<Moment> told;
    for (std::size_t number = 0; number < count; ++number) {
      Moment at = time();
      if (!told.empty() && sometimes(35)) at = told[below(random_, told.size())];
      past_.equal_times |= std::ranges::find(told, at) != told.end();
      past_.late |= std::ranges::any_of(told, [at](Moment other) { return other > at; });
      const base::LocalDay day = example_.zone.day_of(at);
      const auto length = example_.zone.start_of({day.days + 1}) - example_.zone.start_of(day);
      past_.clock_change |= length != base::kDay;
      told.push_back(at);
      example_.did(one_of({"viewed", "added", "paid"}), text(at), properties());
    }
  }
  Example::Texts properties() {
    Example::Texts found;
    if (sometimes(75)) found.emplace_back("sku", one_of({"x", "y", "z"}));
    if (sometimes(60)) found.emplace_back("shop", one_of({"x", "y"}));
    if (sometimes(75)) found.emplace_back("count", one_of({"0", "1", "2", "3"}));
    if (sometimes(75)) found.emplace_back("amount", one_of({"0.50", "10.00", "99.99"}));
    if (sometimes(40)) found.emplace_back("due", text(time()));
    found.emplace_back("source", one_of({"csv", "api"}));
    return found;
  }

  void tell_attributes() {
    const std::size_t count = 1 + below(random_, 6);
    for (std::size_t number = 0; number < count; ++number) {
      const std::string name =
          one_of({"age", "score", "deposit", "city", "vip", "seen", "born", "likes"});
      const std::string since = text(time());
      if (sometimes(12)) {
        example_.attribute(name, since, std::nullopt);
      } else {
        example_.attribute(name, since, value_for(name));
      }
    }
  }
  std::string value_for(const std::string& name) {
    if (name == "age") return one_of({"0", "1", "2", "3"});
    if (name == "score") return one_of({"0.5", "1.000001", "2"});
    if (name == "deposit") return one_of({"0.50", "10.00", "99.99"});
    if (name == "city") return one_of({"x", "xy", "yx"});
    if (name == "vip") return one_of({"true", "false"});
    if (name == "likes") return one_of({"x|y", "y", "z"});
    if (name == "seen") return text(time());
    return one_of(
        {"--03-08", "--11-02", "--02-29", "2000-03-09", "1999-11-01", "2026-03-08", "2025-11-03"});
  }

  void tell_memberships() {
    const timeline::MembershipKey keys[] = {
        {MembershipKind::tag, example_.names.tags("level/gold").at(0).value},
        {MembershipKind::tag, example_.names.tags("level/silver").at(0).value},
        {MembershipKind::tag, example_.names.tags("state/quiet").at(0).value},
        {MembershipKind::list, example_.names.list("regulars")->value},
        {MembershipKind::consent, example_.names.consent_keys("marketing", "sms").at(0)},
        {MembershipKind::consent, example_.names.consent_keys("marketing", "mail").at(0)},
        {MembershipKind::identity, example_.names.identity_kind("phone").value()}};
    const std::size_t count = below(random_, 8);
    for (std::size_t number = 0; number < count; ++number) {
      const auto key = keys[below(random_, std::size(keys))];
      if (sometimes(60)) {
        example_.on(key, text(time()));
      } else {
        example_.off(key, text(time()));
      }
    }
  }

  void tell_known_since() {
    if (sometimes(80)) example_.known_since(text(time()));
  }

 private:
  Example& example_;
  std::mt19937& random_;
  RandomPast& past_;
  Moment middle_;
};

}  // namespace

RandomPast tell_random_past(Example& example, std::mt19937& random) {
  RandomPast past;
  PastTeller teller(example, random, past);
  teller.tell_known_since();
  teller.tell_events();
  teller.tell_attributes();
  teller.tell_memberships();
  return past;
}

std::string RandomQuestions::one_of(const std::vector<std::string>& choices) {
  return choices[below(random_, choices.size())];
}

bool RandomQuestions::sometimes(int percent) {
  return below(random_, 100) < static_cast<std::size_t>(percent);
}

std::string RandomQuestions::rule(int depth) {
  if (depth == 0 || sometimes(35)) return test(depth);
  switch (below(random_, 4)) {
    case 0:
      return "(" + rule(depth - 1) + " and " + rule(depth - 1) + ")";
    case 1:
      return "(" + rule(depth - 1) + " or " + rule(depth - 1) + ")";
    case 2:
      return "not (" + rule(depth - 1) + ")";
    default:
      return "held(" + rule(depth - 1) + ", " + duration() + ")";
  }
}

std::string RandomQuestions::test(int depth) {
  switch (below(random_, depth == 0 ? 15 : 16)) {
    case 0:
    case 1:
    case 2:
      return attribute_test();
    case 3:
    case 4:
      return membership();
    case 5:
    case 6:
    case 7:
    case 8:
      return did();
    case 9:
    case 10:
      return first_last();
    case 15:
      return "everyone";
    default:
      return sequence();
  }
}

std::string RandomQuestions::attribute_test() {
  switch (below(random_, 8)) {
    case 0:
      return number_test(one_of({"age", "score", "deposit"}));
    case 1:
      return text_test("city");
    case 2:
      return one_of({"likes = \"x\"", "likes != \"y\"", "likes in (\"x\", \"z\")"});
    case 3:
      return "vip " + one_of({"=", "!="}) + " " + one_of({"true", "false"});
    case 4:
    case 5:
      return time_test(one_of({"seen", "born"}), false);
    case 6:
      return one_of({"seen", "born"}) + " anniversary " +
             one_of({"today", "in next 1d", "in next 1w", "in last 2d", "in last 1w"});
    default:
      return one_of({"age", "city", "seen", "born", "likes"}) + " is " +
             one_of({"known", "unknown"});
  }
}

std::string RandomQuestions::number_test(const std::string& name) {
  if (sometimes(20)) return name + " in (" + number() + ", " + number() + ")";
  if (sometimes(25)) return name + " between " + number() + " and " + number();
  return name + " " + comparison() + " " + number();
}

std::string RandomQuestions::text_test(const std::string& name) {
  const std::string value = one_of({"\"x\"", "\"y\"", "\"xy\""});
  return name + " " + one_of({"=", "!=", "contains", "starts with", "ends with"}) + " " + value;
}

std::string RandomQuestions::time_test(const std::string& name, bool in_filter) {
  if (sometimes(30)) return name + " " + comparison() + " " + moment();
  if (in_filter || sometimes(25)) return name + " " + fixed_window();
  if (sometimes(65)) return name + " in next " + duration();
  return name + " " + window();
}

std::string RandomQuestions::membership() {
  return one_of({"tag \"level/gold\"", "tag \"quiet\"", "tag any of \"level\"",
                 "audience \"regulars\"", "audience \"buyers\"", "consents to \"marketing\"",
                 "consents to \"marketing\" on \"sms\"", "identity on \"phone\""});
}

std::string RandomQuestions::did() {
  const std::string after = sometimes(70) ? " " + window() : "";
  if (sometimes(25)) return "did not " + step() + after;
  return "did " + step() + (sometimes(65) ? " " + measure() : "") + after;
}

std::string RandomQuestions::measure() {
  const std::string count = one_of({"0", "1", "2", "3"});
  switch (below(random_, 8)) {
    case 0:
      return comparison() + " " + count + " times";
    case 1:
      return "on " + comparison() + " " + count + " days";
    case 2:
      return one_of({"min", "max"}) + "(due) " + one_of({"<", ">", ">=", "!="}) + " " + moment();
    case 3:
      return "distinct(" + one_of({"sku", "count", "source", "local_hour"}) + ") " + comparison() +
             " " + count;
    case 4:
      return one_of({"min", "max"}) + "(" + one_of({"count", "amount"}) + ") " + comparison() +
             " " + number();
    default:
      return one_of({"sum", "avg"}) + "(" + one_of({"count", "amount", "local_weekday"}) + ") " +
             comparison() + " " + number();
  }
}

std::string RandomQuestions::first_last() {
  return one_of({"first", "last"}) + " " + step() +
         (sometimes(30) ? " with (" + filter(1) + ")" : "") + (sometimes(75) ? " " + window() : "");
}

std::string RandomQuestions::sequence() {
  const auto same = [this] {
    return sometimes(35) ? " same(" + one_of({"sku", "sku", "shop", "source"}) + ")" : "";
  };
  std::string text = "did " + step();
  const std::size_t steps = below(random_, 4);
  for (std::size_t number = 0; number < steps; ++number) {
    text += " then " + step() + (sometimes(40) ? " within " + duration() : "") + same();
  }
  if (steps == 0 || sometimes(35)) {
    text += " then not " + step() + " within " + duration() + same();
  }
  return text + (sometimes(45) ? " " + window() : "");
}

std::string RandomQuestions::step() {
  return one_of({"viewed", "added", "paid"}) + (sometimes(20) ? " where (" + filter(1) + ")" : "");
}

std::string RandomQuestions::filter(int depth) {
  if (depth > 0 && sometimes(30)) {
    return sometimes(40) ? "not (" + filter(0) + ")"
                         : "(" + filter(0) + one_of({" and ", " or "}) + filter(0) + ")";
  }
  switch (below(random_, 6)) {
    case 0:
      return text_test("sku");
    case 1:
      return number_test(one_of({"count", "amount"}));
    case 2:
      return time_test("due", true);
    case 3:
      return "source = " + one_of({"\"csv\"", "\"api\""});
    case 4:
      return one_of({"local_hour >= 12", "local_weekday = 7", "local_hour in (0, 3)"});
    default:
      return one_of({"sku", "count"}) + " is " + one_of({"known", "unknown"});
  }
}

std::string RandomQuestions::window() {
  switch (below(random_, 7)) {
    case 0:
    case 1:
      return "in last " + duration();
    case 2:
      return "in this " + one_of({"day", "week", "month", "quarter", "year"});
    case 3:
      return "in previous " + one_of({"0 days", "1 day", "2 days", "1 week", "1 month"});
    case 4:
      return one_of({"today", "yesterday"});
    case 5:
      return "from " + duration() + " to " + duration() + " ago";
    default:
      return fixed_window();
  }
}

std::string RandomQuestions::fixed_window() {
  switch (below(random_, 3)) {
    case 0:
      return "before " + moment();
    case 1:
      return "since " + moment();
    default:
      return "between " + moment() + " and " + moment();
  }
}

std::string RandomQuestions::duration() {
  return one_of({"0ms", "1ms", "60m", "12h", "24h", "1d", "36h", "2d", "3d", "1w"});
}

std::string RandomQuestions::moment() {
  return one_of({"2026-03-07", "2026-03-08", "2026-03-08T02:30", "2026-03-09T12:00:00.001",
                 "2025-11-02", "2025-11-02T01:30", "2025-11-02T05:30Z", "2025-11-04"});
}

std::string RandomQuestions::comparison() { return one_of({"=", "!=", ">", ">=", "<", "<="}); }

std::string RandomQuestions::number() {
  return one_of({"0", "0.50", "1", "1.5", "2", "10", "10.005", "99.99", "-1", "0.3333333"});
}

std::string RandomQuestions::unavailable_test() {
  return one_of({"group \"vips\"", "group any", "follows \"shop\"", "follows any",
                 "friend of \"li\"", "friend of any", "coupon \"ten\"", "coupon any",
                 "stage \"lifecycle\" = \"retain\"", "stage \"lifecycle\" != \"retain\"",
                 "stage \"lifecycle\" in (\"retain\", \"lost\")", "stage \"lifecycle\" is known",
                 "balance \"points\" >= 100"});
}

}  // namespace audience
