// The tree of a rule: what the parser makes, the printer prints, JSON carries, the binder completes
// with ids and types, and the evaluator gives its one meaning (docs/rule_language.md).
//
//   parse.h    text  -> Rule         errors with code, byte offset, nearest name
//   print.h    Rule  -> text         canonical spelling
//   tree.h     Rule <-> JSON tree
//   bind.h     Rule + Names -> BoundRule   names looked up, types checked, moments resolved
//   evaluate.h BoundRule + History -> intervals; at a moment; next change; explain.h: explanation
//
// Chains of one of and/or are flat. Parentheses are not in the tree. Every node remembers where in
// the text it began, so that errors of names and types are underlined too.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/calendar.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/value.h"
#include "timeline/fitted_attribute.h"

namespace audience {

inline constexpr std::size_t kRuleBytesMax = 64 * 1024;
inline constexpr std::size_t kRuleDepthMax = 64;
inline constexpr std::size_t kRuleTestsMax = 1000;
inline constexpr std::size_t kExpandedTestsMax = 10'000;
inline constexpr std::size_t kExpandedDepthMax = 10'000;  // with nested audiences in their places
inline constexpr std::int64_t kDurationYearsMax = 100;    // of 365 days

// A name as written, and after binding the id it stands for (0 before). Printing a bound rule
// shows today's name of the id.
template <typename Id>
struct Named {
  std::string text;
  std::size_t offset = 0;  // byte offset of the token in the text; 0 when made from JSON
  Id id{};
};

// A duration as written, so that it prints as written: 60m is not 1h.
struct WrittenDuration {
  std::int64_t count = 0;
  std::string unit;  // ms s m h d w
  std::size_t offset = 0;
  base::Duration value() const;  // CHECK: a known unit, within the limit
};
// Count not negative, unit known, at most kDurationYearsMax.
bool is_within_limit(const WrittenDuration& duration);

enum class LiteralKind : std::uint8_t { number, text, boolean, moment, date, parameter };

// A value as written. `text`: the number, moment or date as spelled; the string unescaped and in
// NFC; "true"/"false"; the parameter's name without "$" ("entry" for $entry).
struct Literal {
  LiteralKind kind = LiteralKind::number;
  std::string text;
  std::size_t offset = 0;
  // Set by bind() for the type it is compared with:
  std::optional<base::Number> number;  // number
  std::optional<base::Value> value;    // text, boolean; Moment for moment and date with a year
};

enum class Comparison : std::uint8_t { equal, not_equal, greater, greater_equal, less, less_equal };

// An attribute of the customer, or inside a filter a property of the step's event. Bound to one
// of: attribute, rhythm, fitted; property, or one of the three fields every event has.
enum class EventField : std::uint8_t { none, source, local_hour, local_weekday };
// What is computed of a customer's purchases at the moment (audience/rhythm.h).
enum class Rhythm : std::uint8_t { none, recency_days, usual_gap, overdue };
struct Subject {
  std::string text;
  std::size_t offset = 0;
  base::AttributeId attribute{};
  base::PropertyId property{};
  EventField field = EventField::none;
  Rhythm rhythm = Rhythm::none;
  base::EventTypeId bought{};  // of a rhythm: the event it looks at
  // Of a rhythm, in rules the program makes for itself (never read, written or printed): not 0, the
  // test is true where its answer changes at a moment of (now − this, now], as far as time alone
  // changes it.
  base::Duration changing_over{};
  std::optional<timeline::FittedAttribute> fitted = std::nullopt;
  base::ValueType type = base::ValueType::text;
};

// --- windows -------------------------------------------------------------------------------------
struct InLast {
  WrittenDuration duration;
};  // in last 30d
struct InNext {
  WrittenDuration duration;
};  // in next 7d: attributes only
struct InThis {
  base::CalendarUnit unit;
};  // in this month
struct InPrevious {
  std::int64_t count;
  base::CalendarUnit unit;
};  // in previous 3 days
struct Today {};
struct Yesterday {};
struct BetweenMoments {
  Literal from;
  Literal to;
};  // from <= t < to
struct Before {
  Literal moment;
};
struct Since {
  Literal moment;
};
struct FromToAgo {
  WrittenDuration from;
  WrittenDuration to;
};  // from 30d to 7d ago
using WindowForm = std::variant<InLast, InNext, InThis, InPrevious, Today, Yesterday,
                                BetweenMoments, Before, Since, FromToAgo>;
struct Window {
  WindowForm form;
  std::size_t offset = 0;
};

// --- tests over an attribute or a property -------------------------------------------------------
// `operator_offset` is where the comparison, "in", "between", "contains" … stands: errors of types
// are underlined there.
struct Compare {
  Subject subject;
  Comparison comparison = Comparison::equal;
  Literal value;
  std::size_t operator_offset = 0;
};
struct InList {
  Subject subject;
  std::vector<Literal> values;  // at least one
  std::size_t operator_offset = 0;
};
// Numbers: both ends included; times and dates: low <= t < high.
struct BetweenValues {
  Subject subject;
  Literal low;
  Literal high;
  std::size_t operator_offset = 0;
};
struct IsKnown {
  Subject subject;
  bool known = true;
};
enum class TextMatch : std::uint8_t { contains, starts_with, ends_with };
struct MatchText {
  Subject subject;
  TextMatch match = TextMatch::contains;
  Literal value;  // text
  std::size_t operator_offset = 0;
};
// Never BetweenMoments: `name between a and b` is BetweenValues whatever its type.
struct InWindow {
  Subject subject;
  Window window;
};
// today: neither; in next / in last: whole days.
enum class AnniversaryRange : std::uint8_t { today, next, last };
struct Anniversary {
  Subject subject;
  AnniversaryRange range = AnniversaryRange::today;
  std::optional<WrittenDuration> duration;
  std::size_t operator_offset = 0;
};

// --- memberships ---------------------------------------------------------------------------------
using PurposeId = base::Id<struct PurposeTag>;
using ChannelId = base::Id<struct ChannelTag>;
using IdentityKindId = base::Id<struct IdentityKindTag>;
struct HasTag {  // tag "等级/VIP"
  Named<base::TagId> tag;
};
struct HasAnyTag {  // tag any of "等级"
  Named<base::TagGroupId> group;
};
// A saved rule, or a static list: one of the two ids after binding.
struct InAudience {
  Named<base::AudienceId> audience;
  base::ListId list{};
  // In what a bound stage means alone (BoundRule::stage): the rule of a stage by itself.
  bool of_stage = false;
};
struct Consents {
  Named<PurposeId> purpose;
  std::optional<Named<ChannelId>> channel;
};
struct HasIdentity {
  Named<IdentityKindId> kind;
};
// group, follows, friend of, coupon: a name or any. Parsed and printed; bind answers
// audience.not_available_yet until the module that knows them exists.
enum class RelationKind : std::uint8_t { group, follows, friend_of, coupon };
struct Relation {
  RelationKind kind = RelationKind::group;
  std::optional<std::string> name;  // nothing: any
};
enum class StageTest : std::uint8_t { equal, not_equal, in, known, unknown };
using ModelId = base::Id<struct ModelTag>;  // of a lifecycle model
using StageId = base::Id<struct StageTag>;
struct Stage {
  Named<ModelId> model;
  StageTest test = StageTest::equal;
  std::vector<Named<StageId>> stages;  // one for equal and not_equal, none for known and unknown
};
// The rule of a stage is a definition like that of a saved audience. Ids of audiences, models and
// stages are drawn alike, so that none is another's.
inline base::AudienceId definition_of(StageId stage) { return {stage.value}; }
struct Balance {
  std::string asset;
  Comparison comparison = Comparison::equal;
  Literal value;  // number
};

// --- events --------------------------------------------------------------------------------------
struct Node;

struct Step {
  Named<base::EventTypeId> event;
  std::unique_ptr<Node> filter;  // null: none; made of and, or, not and the attribute tests
};

enum class Aggregate : std::uint8_t { sum, average, minimum, maximum, distinct };
struct CountTimes {  // >= 2 times
  Comparison comparison = Comparison::equal;
  std::int64_t times = 0;
};
struct AggregateOf {  // sum(amount) > 300
  Aggregate aggregate = Aggregate::sum;
  Subject property;
  Comparison comparison = Comparison::equal;
  Literal value;
};
struct OnDays {  // on >= 3 days
  Comparison comparison = Comparison::equal;
  std::int64_t days = 0;
};
using Measure = std::variant<CountTimes, AggregateOf, OnDays>;

struct Did {
  bool negated = false;  // did not: no measure then
  Step step;
  std::optional<Measure> measure;
  std::optional<Window> window;
};
struct FirstLast {
  bool last = false;
  Step step;
  std::unique_ptr<Node> with;  // null: none
  std::optional<Window> window;
};
// `same` names a property; bound per step: `same_here` of this step's event, `same_first` of the
// first step's.
struct Then {
  Step step;
  std::optional<WrittenDuration> within;
  std::optional<Subject> same_here;
  Subject same_first;
};
struct Sequence {
  Step first;
  std::vector<Then> then;
  std::optional<Then> then_not;  // has `within`
  std::optional<Window> window;
};

// --- the tree ------------------------------------------------------------------------------------
struct Everyone {};
// At least two parts, none of which is an And (of an Or: an Or).
struct And {
  std::vector<Node> parts;
};
struct Or {
  std::vector<Node> parts;
};
struct Not {
  std::unique_ptr<Node> part;
};
struct Held {
  std::unique_ptr<Node> part;
  WrittenDuration duration;
};

using NodeForm =
    std::variant<Everyone, And, Or, Not, Held, Compare, InList, BetweenValues, IsKnown, MatchText,
                 InWindow, Anniversary, HasTag, HasAnyTag, InAudience, Consents, HasIdentity,
                 Relation, Stage, Balance, Did, FirstLast, Sequence>;

struct Node {
  NodeForm form;
  std::size_t offset = 0;  // of the first token
};

// Owns its tree and outlives the text. Deep copies by clone().
struct Rule {
  Node root;
  Rule clone() const;
};

Node clone(const Node& node);

// The nodes directly below, in the order of the text: parts, the part of not and held, filters.
std::vector<const Node*> children_of(const Node& node);
// Neither and, or, not nor held.
bool is_test(const Node& node);
// Tests of a tree; those in filters count, too.
std::size_t count_tests(const Node& node);
// Levels of a tree: a test alone has 1, a filter lies one level below its test.
std::size_t depth_of(const Node& node);

}  // namespace audience
