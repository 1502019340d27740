#include "audience/random_rule.h"

#include <array>
#include <iterator>

#include "audience/computed_attribute.h"
#include "audience/rhythm.h"
#include "base/calendar.h"
#include "base/check.h"

namespace audience {

using base::ValueType;

class RandomRuleMaker {
 public:
  explicit RandomRuleMaker(RandomRules& rules) : rules_(rules) {}

  Node rule(std::uint64_t tests) {
    if (chance(8)) return inverse(rule(tests));
    if (chance(10)) return held(rule(tests));
    if (tests < 2 || chance(4)) return test();
    return chance(2) ? chain<And>(tests, nullptr) : chain<Or>(tests, nullptr);
  }

 private:
  using TypedName = RandomRules::TypedName;
  using Event = RandomRules::Event;

  std::uint64_t below(std::uint64_t count) { return rules_.random_() % count; }
  bool chance(std::uint64_t one_in) { return below(one_in) == 0; }
  template <typename Range>
  const auto& any_of(const Range& range) {
    CHECK(std::size(range) > 0);
    return range[below(std::size(range))];
  }
  void count(const std::string& production) { ++rules_.counts_[production]; }

  // --- connectives -------------------------------------------------------------------------------
  Node inverse(Node part) {
    count("not");
    return Node{Not{std::make_unique<Node>(std::move(part))}, 0};
  }
  Node held(Node part) {
    count("held");
    return Node{Held{std::make_unique<Node>(std::move(part)), duration()}, 0};
  }

  // `event`: the parts are tests of a filter over it.
  template <typename Chain>
  Node chain(std::uint64_t tests, const Event* event) {
    count(std::is_same_v<Chain, And> ? "and" : "or");
    Chain made;
    const std::uint64_t parts = 2 + below(std::min<std::uint64_t>(tests, 4) - 1);
    for (std::uint64_t i = 0; i < parts; ++i) {
      Node part = event != nullptr ? filter_test(*event) : rule(tests / parts);
      if (auto* same = std::get_if<Chain>(&part.form)) {
        for (Node& inner : same->parts) made.parts.push_back(std::move(inner));
      } else {
        made.parts.push_back(std::move(part));
      }
    }
    return Node{std::move(made), 0};
  }

  std::unique_ptr<Node> filter(const Event& event) {
    count("filter");
    Node root = chance(3)   ? chain<And>(2, &event)
                : chance(3) ? chain<Or>(3, &event)
                : chance(4) ? inverse(chain<And>(2, &event))
                            : filter_test(event);
    return std::make_unique<Node>(std::move(root));
  }

  Node filter_test(const Event& event) {
    Node test = attribute_test(any_of(event.properties), true);
    return chance(5) ? inverse(std::move(test)) : std::move(test);
  }

  Node test() {
    const std::uint64_t kind = below(20);
    if (kind == 0) {
      count("everyone");
      return Node{Everyone{}, 0};
    }
    if (kind < 7) return attribute_test(attribute(), false);
    if (kind < 11) return membership();
    if (kind < 15) return did();
    if (kind < 17) return first_last();
    return sequence();
  }

  // Half of them times or dates, if there are any.
  const TypedName& attribute() {
    const TypedName* chosen = &any_of(rules_.attributes_);
    for (int tries = 0; tries < 4; ++tries) {
      if (chosen->type == ValueType::time || chosen->type == ValueType::date) break;
      chosen = &any_of(rules_.attributes_);
    }
    return *chosen;
  }

  // --- attributes and properties -----------------------------------------------------------------
  static Subject subject(const TypedName& name) {
    Subject made;
    made.text = name.name;
    return made;
  }

  Node attribute_test(const TypedName& name, bool in_filter) {
    const std::string type(base::name_of(name.type));
    if (!in_filter && computed_attribute(name.name) != nullptr) count("computed/" + name.name);
    const bool time = name.type == ValueType::time || name.type == ValueType::date;
    const bool number = name.type == ValueType::integer || name.type == ValueType::decimal ||
                        name.type == ValueType::money;
    // Times and dates have most to say: windows and anniversaries.
    switch (below(time ? 13 : 7)) {
      case 0:
        count("known");
        return Node{IsKnown{subject(name), chance(2)}, 0};
      case 1: {
        count("in/" + type);
        InList form{subject(name), {}, 0};
        for (std::uint64_t i = 0, n = 1 + below(3); i < n; ++i) {
          form.values.push_back(literal(name.type));
        }
        return Node{std::move(form), 0};
      }
      case 2:
        if (!time && !number) break;
        count("between/" + type);
        return Node{BetweenValues{subject(name), literal(name.type), literal(name.type), 0}, 0};
      case 3:
        if (name.type != ValueType::text) break;
        count("match");
        return Node{
            MatchText{subject(name), static_cast<TextMatch>(below(3)), literal(ValueType::text), 0},
            0};
      case 4:
      case 6:
      case 7:
      case 8:
      case 9:
      case 10:
        if (time) return Node{InWindow{subject(name), attribute_window(in_filter)}, 0};
        break;
      case 5:
      case 11:
      case 12:
        if (time && !in_filter) return anniversary(name);
        break;
      default:
        break;
    }
    count("compare/" + type);
    const Comparison comparison = static_cast<Comparison>(below(time || number ? 6 : 2));
    return Node{Compare{subject(name), comparison, literal(name.type), 0}, 0};
  }

  Node anniversary(const TypedName& name) {
    static constexpr std::array kDays = {"0d", "1d", "3d", "7d", "1w", "30d"};
    Anniversary form{subject(name), static_cast<AnniversaryRange>(below(3)), std::nullopt, 0};
    count("anniversary/" + std::to_string(static_cast<int>(form.range)));
    if (form.range != AnniversaryRange::today) form.duration = written(any_of(kDays));
    return Node{std::move(form), 0};
  }

  Window attribute_window(bool in_filter) {
    const std::string production = "attribute window/";
    switch (in_filter ? 8 + below(2) : below(10)) {
      case 0:
        count(production + "in_next");
        return Window{InNext{duration()}, 0};
      case 8:
        count(production + "before");
        return Window{Before{moment()}, 0};
      case 9:
        count(production + "since");
        return Window{Since{moment()}, 0};
      default:
        return Window{up_to_now(production), 0};
    }
  }

  Window event_window() {
    const std::string production = "event window/";
    switch (below(10)) {
      case 0:
        count(production + "between");
        return Window{BetweenMoments{moment(), moment()}, 0};
      case 1:
        count(production + "before");
        return Window{Before{moment()}, 0};
      case 2:
        count(production + "since");
        return Window{Since{moment()}, 0};
      default:
        return Window{up_to_now(production), 0};
    }
  }

  WindowForm up_to_now(const std::string& production) {
    switch (below(7)) {
      case 0:
        count(production + "in_this");
        return InThis{unit()};
      case 1:
        count(production + "in_previous");
        return InPrevious{static_cast<std::int64_t>(below(4)), unit()};
      case 2:
        count(production + "today");
        return Today{};
      case 3:
        count(production + "yesterday");
        return Yesterday{};
      case 4:
        count(production + "from_to_ago");
        return FromToAgo{duration(), duration()};
      default:
        count(production + "in_last");
        return InLast{duration()};
    }
  }

  base::CalendarUnit unit() { return static_cast<base::CalendarUnit>(below(5)); }

  static WrittenDuration written(std::string_view text) {
    WrittenDuration made;
    for (; text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      made.count = made.count * 10 + (text.front() - '0');
    }
    made.unit = text;
    return made;
  }

  WrittenDuration duration() {
    static constexpr std::array kDurations = {"0ms", "1ms", "500ms", "1s",  "30m", "1h", "90m",
                                              "24h", "1d",  "36h",   "2d",  "3d",  "7d", "1w",
                                              "2w",  "30d", "720h",  "60d", "10m", "8h"};
    return written(any_of(kDurations));
  }

  static Literal literal_of(LiteralKind kind, std::string text) {
    Literal made;
    made.kind = kind;
    made.text = std::move(text);
    return made;
  }

  Literal literal(ValueType type) {
    static constexpr std::array kIntegers = {"-1", "0", "1", "2", "3", "8", "2.5", "1.0"};
    static constexpr std::array kDecimals = {"-0.333333", "0", "0.5", "1", "1.250", "2.0000001"};
    static constexpr std::array kMoney = {"0", "12.50", "12.505", "100", "-3.2", "12.5"};
    switch (type) {
      case ValueType::integer:
        return literal_of(LiteralKind::number, any_of(kIntegers));
      case ValueType::decimal:
        return literal_of(LiteralKind::number, any_of(kDecimals));
      case ValueType::money:
        return literal_of(LiteralKind::number, any_of(kMoney));
      case ValueType::text:
      case ValueType::text_list:
        return literal_of(LiteralKind::text, any_of(kRandomTexts));
      case ValueType::boolean:
        return literal_of(LiteralKind::boolean, chance(2) ? "true" : "false");
      case ValueType::date:
        if (chance(8)) return literal_of(LiteralKind::date, "--01-15");
        return moment();
      case ValueType::time:
        return moment();
    }
    base::unreachable();
  }

  // A date, or a moment with or without seconds, milliseconds and zone.
  Literal moment() {
    const std::int64_t from = rules_.options_.from.ms;
    const std::int64_t hours = (rules_.options_.to.ms - from) / base::kHour.ms;
    std::int64_t ms =
        from + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(hours))) * base::kHour.ms;
    if (chance(6)) ms += static_cast<std::int64_t>(below(3)) - 1;
    const std::string text = base::to_iso8601_utc(base::Moment{ms});  // 2026-01-31T08:00:00.000Z
    if (chance(4)) return literal_of(LiteralKind::date, text.substr(0, 10));
    static constexpr std::array kZones = {"", "Z", "+08:00"};
    const std::size_t length = ms % base::kHour.ms != 0 ? 23 : chance(2) ? 16 : chance(2) ? 19 : 23;
    return literal_of(LiteralKind::moment, text.substr(0, length) + any_of(kZones));
  }

  // --- memberships -------------------------------------------------------------------------------
  const std::string& name(Names::Kind kind) { return any_of(rules_.all_.at(kind)); }

  Node membership() {
    using Kind = Names::Kind;
    switch (below(rules_.options_.with_unavailable ? 14 : 10)) {
      case 0:
      case 1:
        count("tag");
        return Node{HasTag{{name(Kind::tag), 0, {}}}, 0};
      case 2:
        count("tag any of");
        return Node{HasAnyTag{{name(Kind::tag_group), 0, {}}}, 0};
      case 3: {
        count("consents");
        Consents form{{name(Kind::purpose), 0, {}}, std::nullopt};
        if (chance(2)) {
          count("consents/on");
          form.channel = Named<ChannelId>{name(Kind::channel), 0, {}};
        }
        return Node{std::move(form), 0};
      }
      case 4:
        count("identity");
        return Node{HasIdentity{{name(Kind::identity_kind), 0, {}}}, 0};
      case 5:
      case 6:
        if (!rules_.options_.with_audiences) break;
        count("audience");
        return Node{InAudience{{name(Kind::audience), 0, {}}, {}}, 0};
      case 7:
        count("audience/list");
        return Node{InAudience{{name(Kind::list), 0, {}}, {}}, 0};
      case 8:
      case 9:
        if (!rules_.options_.with_audiences) break;
        return stage();
      default:
        return unavailable();
    }
    return membership();
  }

  Node stage() {
    const auto models = rules_.names_.models();
    const ModelId model = any_of(models);
    Stage form{{any_name(model), 0, {}}, static_cast<StageTest>(below(5)), {}};
    count("stage/" + std::to_string(static_cast<int>(form.test)));
    std::size_t named = form.test == StageTest::in ? 1 + below(3) : 1;
    if (form.test == StageTest::known || form.test == StageTest::unknown) named = 0;
    const std::vector<std::string> names = rules_.names_.stage_names(model);
    for (std::size_t i = 0; i < named; ++i) form.stages.push_back({any_of(names), 0, {}});
    return Node{std::move(form), 0};
  }

  // Its key or one of its labels.
  std::string any_name(ModelId model) {
    std::vector<std::string> names;
    for (const std::string& each : rules_.names_.all(Names::Kind::model)) {
      if (rules_.names_.model(each) == model) names.push_back(each);
    }
    return any_of(names);
  }

  Node unavailable() {
    static constexpr std::array kRelations = {"group", "follows", "friend", "coupon"};
    switch (below(2)) {
      case 0: {
        const std::uint64_t kind = below(4);
        count(std::string("relation/") + kRelations[kind]);
        Relation form{static_cast<RelationKind>(kind), std::nullopt};
        if (chance(2)) form.name = "某";
        return Node{std::move(form), 0};
      }
      default:
        count("balance");
        return Node{Balance{"points", static_cast<Comparison>(below(6)), literal(ValueType::money)},
                    0};
    }
  }

  // --- events ------------------------------------------------------------------------------------
  Step step(const Event& event) {
    Step made;
    made.event.text = event.name;
    if (chance(3)) made.filter = filter(event);
    return made;
  }

  Node did() {
    const Event& event = any_of(rules_.events_);
    Did form;
    form.negated = chance(4);
    form.step = step(event);
    if (!form.negated && !chance(3)) form.measure = measure(event);
    if (!chance(3)) form.window = event_window();
    count(form.negated ? "did not" : form.measure ? "did with measure" : "did");
    return Node{std::move(form), 0};
  }

  Measure measure(const Event& event) {
    const Comparison comparison = static_cast<Comparison>(below(6));
    switch (below(4)) {
      case 0:
        count("did/times");
        return CountTimes{comparison, static_cast<std::int64_t>(below(4))};
      case 1:
        count("did/days");
        return OnDays{comparison, static_cast<std::int64_t>(below(4))};
      default:
        return aggregate(event, comparison);
    }
  }

  Measure aggregate(const Event& event, Comparison comparison) {
    static constexpr std::array kNames = {"sum", "avg", "min", "max", "distinct"};
    while (true) {
      const auto kind = static_cast<Aggregate>(below(5));
      const TypedName& property = any_of(event.properties);
      const bool number = property.type == ValueType::integer ||
                          property.type == ValueType::decimal || property.type == ValueType::money;
      const bool time = property.type == ValueType::time || property.type == ValueType::date;
      const bool total = kind == Aggregate::sum || kind == Aggregate::average;
      if (total && !number) continue;
      if (!total && kind != Aggregate::distinct && !number && !time) continue;
      if (kind == Aggregate::distinct && property.type == ValueType::text_list) continue;
      const bool counts = kind == Aggregate::distinct;
      count(std::string("did/") + kNames[static_cast<std::size_t>(kind)]);
      return AggregateOf{kind, subject(property), comparison,
                         literal(counts ? ValueType::integer : property.type)};
    }
  }

  Node first_last() {
    const Event& event = any_of(rules_.events_);
    FirstLast form;
    form.last = chance(2);
    const std::string production = form.last ? "last" : "first";
    count(production);
    form.step = step(event);
    if (chance(2)) {
      count(production + "/with");
      form.with = filter(event);
    }
    if (!chance(3)) form.window = event_window();
    return Node{std::move(form), 0};
  }

  Then then(const Event& first, bool must_end) {
    const Event& event = any_of(rules_.events_);
    Then made;
    made.step = step(event);
    if (must_end || chance(2)) {
      count("sequence/within");
      made.within = duration();
    }
    if (chance(3)) {
      const TypedName& property = any_of(event.properties);
      for (const TypedName& other : first.properties) {
        if (other.name != property.name) continue;
        count("sequence/same");
        made.same_here = subject(property);
        made.same_first = subject(property);
      }
    }
    return made;
  }

  Node sequence() {
    const Event& first = any_of(rules_.events_);
    Sequence form;
    form.first = step(first);
    const bool ends = chance(2);
    for (std::uint64_t i = ends ? below(3) : 1 + below(3); i > 0; --i) {
      count("sequence/then");
      form.then.push_back(then(first, false));
    }
    if (ends) {
      count("sequence/then_not");
      form.then_not = then(first, true);
    }
    if (chance(2)) {
      count("sequence/window");
      form.window = event_window();
    }
    return Node{std::move(form), 0};
  }

  RandomRules& rules_;
};

RandomRules::RandomRules(const MemoryNames& names, std::uint64_t seed, RandomRuleOptions options)
    : names_(names), random_(seed), options_(options) {
  using Kind = Names::Kind;
  for (const Kind kind : {Kind::tag, Kind::tag_group, Kind::audience, Kind::list, Kind::purpose,
                          Kind::channel, Kind::identity_kind}) {
    all_[kind] = names_.all(kind);
  }
  for (const std::string& name : names_.all(Kind::attribute)) {
    attributes_.push_back({name, names_.attribute(name)->type});
  }
  for (const ComputedAttribute& each : computed_attributes()) {
    if (each.rhythm == Rhythm::none || !names_.event(kBoughtEvent)) continue;
    attributes_.push_back({std::string(each.name), each.type});
  }
  for (const std::string& name : names_.all(Kind::event)) {
    const base::EventTypeId id = *names_.event(name);
    Event event{name,
                {{"source", ValueType::text},
                 {"local_hour", ValueType::integer},
                 {"local_weekday", ValueType::integer}}};
    for (const std::string& property : names_.all(Kind::property, id)) {
      event.properties.push_back({property, names_.property(id, property)->type});
    }
    events_.push_back(std::move(event));
  }
}

Rule RandomRules::next() {
  RandomRuleMaker maker(*this);
  return Rule{maker.rule(1 + random_() % options_.tests_max)};
}

}  // namespace audience
