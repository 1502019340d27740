#include "audience/print.h"

#include <array>
#include <optional>
#include <utility>

#include "audience/lexer.h"
#include "audience/todays_names.h"
#include "base/check.h"

namespace audience {
namespace {

constexpr std::array<std::string_view, 6> kComparisons = {"=", "!=", ">", ">=", "<", "<="};
constexpr std::array<std::string_view, 5> kUnits = {"day", "week", "month", "quarter", "year"};
constexpr std::array<std::string_view, 5> kAggregates = {"sum", "avg", "min", "max", "distinct"};
constexpr std::array<std::string_view, 4> kRelations = {"group", "follows", "friend of", "coupon"};
constexpr std::array<std::string_view, 3> kMatches = {"contains", "starts with", "ends with"};

template <typename Enum, std::size_t count>
std::string_view word_of(const std::array<std::string_view, count>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  CHECK(index < count);
  return words[index];
}

std::string name_word(std::string_view name) {
  if (is_plain_name(name) && !is_reserved(name)) return std::string(name);
  return quoted(name);
}

std::string text_of(const WrittenDuration& duration) {
  return std::to_string(duration.count) + duration.unit;
}

std::string text_of(const Literal& literal) {
  switch (literal.kind) {
    case LiteralKind::text:
      return quoted(literal.text);
    case LiteralKind::parameter:
      return "$" + literal.text;
    case LiteralKind::number:
    case LiteralKind::boolean:
    case LiteralKind::moment:
    case LiteralKind::date:
      return literal.text;
  }
  base::unreachable();
}

struct WindowText {
  std::string operator()(const InLast& form) const { return "in last " + text_of(form.duration); }
  std::string operator()(const InNext& form) const { return "in next " + text_of(form.duration); }
  std::string operator()(const InThis& form) const {
    return "in this " + std::string(word_of(kUnits, form.unit));
  }
  std::string operator()(const InPrevious& form) const {
    return "in previous " + std::to_string(form.count) + " " +
           std::string(word_of(kUnits, form.unit)) + (form.count == 1 ? "" : "s");
  }
  std::string operator()(const Today&) const { return "today"; }
  std::string operator()(const Yesterday&) const { return "yesterday"; }
  std::string operator()(const BetweenMoments& form) const {
    return "between " + text_of(form.from) + " and " + text_of(form.to);
  }
  std::string operator()(const Before& form) const { return "before " + text_of(form.moment); }
  std::string operator()(const Since& form) const { return "since " + text_of(form.moment); }
  std::string operator()(const FromToAgo& form) const {
    return "from " + text_of(form.from) + " to " + text_of(form.to) + " ago";
  }
};

std::string window_tail(const std::optional<Window>& window) {
  return window ? " " + std::visit(WindowText{}, window->form) : "";
}

class Printer {
 public:
  std::string text(const Node& node) {
    return std::visit([&](const auto& form) { return write(form); }, node.form);
  }

 private:
  static std::string name(const Subject& subject) { return name_word(subject.text); }

  std::string write(const Everyone&) { return "everyone"; }

  std::string joined(const std::vector<Node>& parts, std::string_view connective) {
    std::string out;
    for (const Node& part : parts) {
      if (!out.empty()) out += connective;
      out += std::holds_alternative<Or>(part.form) ? "(" + text(part) + ")" : text(part);
    }
    return out;
  }
  std::string write(const And& form) { return joined(form.parts, " and "); }
  std::string write(const Or& form) { return joined(form.parts, " or "); }

  std::string write(const Not& form) {
    const bool chain =
        std::holds_alternative<And>(form.part->form) || std::holds_alternative<Or>(form.part->form);
    return chain ? "not (" + text(*form.part) + ")" : "not " + text(*form.part);
  }
  std::string write(const Held& form) {
    return "held(" + text(*form.part) + ", " + text_of(form.duration) + ")";
  }

  std::string write(const Compare& form) {
    return name(form.subject) + compared(form.comparison, text_of(form.value));
  }
  static std::string compared(Comparison comparison, const std::string& value) {
    return " " + std::string(word_of(kComparisons, comparison)) + " " + value;
  }
  std::string write(const InList& form) {
    std::string values;
    for (const Literal& value : form.values) {
      values += (values.empty() ? "" : ", ") + text_of(value);
    }
    return name(form.subject) + " in (" + values + ")";
  }
  std::string write(const BetweenValues& form) {
    return name(form.subject) + " between " + text_of(form.low) + " and " + text_of(form.high);
  }
  std::string write(const IsKnown& form) {
    return name(form.subject) + (form.known ? " is known" : " is unknown");
  }
  std::string write(const MatchText& form) {
    return name(form.subject) + " " + std::string(word_of(kMatches, form.match)) + " " +
           text_of(form.value);
  }
  std::string write(const InWindow& form) {
    return name(form.subject) + " " + std::visit(WindowText{}, form.window.form);
  }
  std::string write(const Anniversary& form) {
    std::string out = name(form.subject) + " anniversary ";
    if (form.range == AnniversaryRange::today) return out + "today";
    return out + (form.range == AnniversaryRange::next ? "in next " : "in last ") +
           text_of(*form.duration);
  }

  std::string write(const HasTag& form) { return "tag " + quoted(form.tag.text); }
  std::string write(const HasAnyTag& form) { return "tag any of " + quoted(form.group.text); }
  std::string write(const InAudience& form) {
    return (form.of_stage ? "rule of stage " : "audience ") + quoted(form.audience.text);
  }
  std::string write(const Consents& form) {
    return "consents to " + quoted(form.purpose.text) +
           (form.channel ? " on " + quoted(form.channel->text) : "");
  }
  std::string write(const HasIdentity& form) { return "identity on " + quoted(form.kind.text); }
  std::string write(const Relation& form) {
    return std::string(word_of(kRelations, form.kind)) + " " +
           (form.name ? quoted(*form.name) : "any");
  }
  std::string write(const Stage& form) {
    const std::string model = "stage " + quoted(form.model.text);
    if (form.test == StageTest::known) return model + " is known";
    if (form.test == StageTest::unknown) return model + " is unknown";
    std::string stages;
    for (const Named<StageId>& stage : form.stages) {
      stages += (stages.empty() ? "" : ", ") + quoted(stage.text);
    }
    if (form.test == StageTest::in) return model + " in (" + stages + ")";
    return model + (form.test == StageTest::equal ? " = " : " != ") + stages;
  }
  std::string write(const Balance& form) {
    return "balance " + quoted(form.asset) + compared(form.comparison, text_of(form.value));
  }

  std::string step(const Step& form) {
    return name_word(form.event.text) + (form.filter ? " where (" + text(*form.filter) + ")" : "");
  }

  std::string measure(const std::optional<Measure>& form) const {
    if (!form) return "";
    if (const auto* times = std::get_if<CountTimes>(&*form)) {
      return compared(times->comparison, std::to_string(times->times)) + " times";
    }
    if (const auto* days = std::get_if<OnDays>(&*form)) {
      return " on" + compared(days->comparison, std::to_string(days->days)) + " days";
    }
    const auto& aggregate = std::get<AggregateOf>(*form);
    return " " + std::string(word_of(kAggregates, aggregate.aggregate)) + "(" +
           name(aggregate.property) + ")" +
           compared(aggregate.comparison, text_of(aggregate.value));
  }

  std::string write(const Did& form) {
    return (form.negated ? "did not " : "did ") + step(form.step) + measure(form.measure) +
           window_tail(form.window);
  }
  std::string write(const FirstLast& form) {
    return (form.last ? "last " : "first ") + step(form.step) +
           (form.with ? " with (" + text(*form.with) + ")" : "") + window_tail(form.window);
  }

  std::string then(const Then& form, std::string_view word) {
    return std::string(word) + step(form.step) +
           (form.within ? " within " + text_of(*form.within) : "") +
           (form.same_here ? " same(" + name(*form.same_here) + ")" : "");
  }
  std::string write(const Sequence& form) {
    std::string out = "did " + step(form.first);
    for (const Then& part : form.then) out += then(part, " then ");
    if (form.then_not) out += then(*form.then_not, " then not ");
    return out + window_tail(form.window);
  }
};

}  // namespace

std::string print(const Rule& rule) { return print(rule.root); }
std::string print(const Node& node) { return Printer().text(node); }
std::string print(const Rule& rule, const Names& names) {
  return print(with_todays_names(rule, names));
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace audience
