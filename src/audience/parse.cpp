#include "audience/parse.h"

#include <algorithm>
#include <utility>

#include "audience/parser.h"
#include "audience/print.h"
#include "base/text.h"

namespace audience {
namespace {

// A chain of parts joined by one connective, and the deepest level below it. Parts that are chains
// of the same connective dissolve in it.
template <typename Connective>
struct Chain {
  std::vector<Node> parts;
  std::size_t below = 0;
  bool joined = false;  // the connective has been read

  void add(Node node, std::size_t height) {
    if (auto* same = std::get_if<Connective>(&node.form)) {
      below = std::max(below, height - 1);
      for (Node& part : same->parts) parts.push_back(std::move(part));
    } else {
      below = std::max(below, height);
      parts.push_back(std::move(node));
    }
  }

  // The chain as one node and its height; empty afterwards.
  std::pair<Node, std::size_t> close() {
    std::pair<Node, std::size_t> closed;
    if (parts.size() == 1) {
      closed = {std::move(parts.front()), below};
    } else if (!parts.empty()) {
      const std::size_t offset = parts.front().offset;
      closed = {Node{Connective{std::move(parts)}, offset}, below + 1};
    }
    *this = {};
    return closed;
  }
};

// Bytes before the first that is no UTF-8.
std::size_t valid_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (!base::is_utf8(text.substr(at, length))) break;
    at += length;
  }
  return at;
}

RuleError error_at(RuleFault fault, std::size_t offset, std::string expected) {
  RuleError error;
  error.fault = fault;
  error.offset = offset;
  error.expected = std::move(expected);
  return error;
}

// What is wrong with the bytes, before they are tokens.
std::optional<RuleError> fault_of_bytes(std::string_view text) {
  if (text.size() > kRuleBytesMax) {
    return error_at(RuleFault::text_too_long, 0,
                    "at most " + std::to_string(kRuleBytesMax) + " bytes");
  }
  const std::size_t nul = text.find('\0');
  const std::size_t invalid = base::is_utf8(text) ? text.size() : valid_prefix(text);
  if (invalid < std::min(nul, text.size())) {
    return error_at(RuleFault::not_utf8, invalid, "UTF-8");
  }
  if (nul != std::string_view::npos) {
    return error_at(RuleFault::nul_character, nul, "no U+0000");
  }
  return std::nullopt;
}

}  // namespace

base::Result<Rule, RuleError> parse(std::string_view text) {
  std::optional<RuleError> error = fault_of_bytes(text);
  if (!error) {
    const std::vector<Token> tokens = tokens_of(text);
    Parser parser(tokens);
    Rule rule{parser.parse_whole()};
    error = parser.error();
    if (!error && text.size() > kRuleBytesMax / 2 && print(rule).size() > kRuleBytesMax) {
      error = error_at(RuleFault::text_too_long, 0,
                       "at most " + std::to_string(kRuleBytesMax) + " bytes when well spaced");
    }
    if (!error) return rule;
  }
  locate(*error, text);
  return base::unexpected(*std::move(error));
}

// One rule that has begun and not ended: the whole, the inside of parentheses or of held.
//
// The tree's depth is checked at the token that makes it too deep, which may come long after the
// nodes it pushes down; so a frame knows how many levels lie above for certain. Inside parentheses
// an `or` (`and`) may dissolve in the chain around them and then makes no level of its own.
struct Parser::Frame {
  enum class Kind : std::uint8_t { whole, parentheses, held };
  Kind kind = Kind::whole;
  std::size_t offset = 0;
  std::size_t above = 0;
  bool or_dissolves = false;
  bool and_dissolves = false;
  Chain<Or> alternatives;
  Chain<And> conditions;
  std::vector<std::size_t> nots;  // offsets of those before the factor being read

  bool and_dissolves_now() const { return and_dissolves && !alternatives.joined; }
  std::size_t or_levels() const { return alternatives.joined && !or_dissolves ? 1 : 0; }
  std::size_t and_levels() const { return conditions.joined && !and_dissolves_now() ? 1 : 0; }
  // Levels above the factor that comes next.
  std::size_t above_factor() const { return above + or_levels() + and_levels() + nots.size(); }

  void add_factor(Node node, std::size_t height) {
    for (; !nots.empty(); nots.pop_back(), ++height) {
      node = Node{Not{std::make_unique<Node>(std::move(node))}, nots.back()};
    }
    conditions.add(std::move(node), height);
  }
  void close_conditions() {
    auto [node, height] = conditions.close();
    alternatives.add(std::move(node), height);
  }
};

Node Parser::parse_whole() {
  Node root = parse_rule(Scope::customer, 0);
  if (peek().kind != TokenKind::end) {
    fail(RuleFault::expected_end, "and, or, or the end", {"and", "or"});
  }
  return root;
}

Node Parser::parse_rule(Scope scope, std::size_t above) {
  std::vector<Frame> frames(1);
  frames.back().above = above;
  while (!error_) {
    open_factor(scope, frames);
    if (std::optional<Node> whole = close_factor(frames)) return std::move(*whole);
  }
  return Node{};
}

// Everything before and including the next test: not, parentheses, held.
void Parser::open_factor(Scope scope, std::vector<Frame>& frames) {
  while (!error_) {
    Frame& frame = frames.back();
    const std::size_t above = frame.above_factor();
    const std::size_t offset = peek().offset;
    if (at_word("not")) {
      if (is_too_deep(above + 1)) return;
      next();
      frame.nots.push_back(offset);
    } else if (take_symbol("(")) {
      const bool alone = frame.nots.empty();
      Frame inner{Frame::Kind::parentheses, offset, above, false, false, {}, {}, {}};
      inner.or_dissolves =
          alone && !frame.conditions.joined && (frame.alternatives.joined || frame.or_dissolves);
      inner.and_dissolves = alone && (frame.conditions.joined || frame.and_dissolves_now());
      frames.push_back(std::move(inner));
    } else if (at_word("held") && scope == Scope::customer) {
      if (is_too_deep(above + 1)) return;
      next();
      need_open();
      frames.push_back(Frame{Frame::Kind::held, offset, above + 1, false, false, {}, {}, {}});
    } else {
      if (is_too_deep(above + 1)) return;
      Node test = parse_test(scope, above + 1);
      if (error_) return;
      const std::size_t height = depth_of(test);
      frame.add_factor(std::move(test), height);
      return;
    }
  }
}

// Everything behind a test up to the next factor; the whole when the rule ends here.
std::optional<Node> Parser::close_factor(std::vector<Frame>& frames) {
  while (!error_) {
    Frame& frame = frames.back();
    if (at_word("and")) {
      frame.conditions.joined = true;
      if (is_too_deep(frame.above_factor() + frame.conditions.below)) return std::nullopt;
      next();
      return std::nullopt;
    }
    const bool at_or = at_word("or");
    frame.close_conditions();
    if (at_or) {
      frame.alternatives.joined = true;
      if (is_too_deep(frame.above_factor() + frame.alternatives.below)) return std::nullopt;
      next();
      return std::nullopt;
    }
    auto [node, height] = frame.alternatives.close();
    if (frame.kind == Frame::Kind::whole) return std::move(node);
    if (frame.kind == Frame::Kind::held) {
      Held held{std::make_unique<Node>(std::move(node)), {}};
      if (!take_symbol(",")) fail(RuleFault::expected_comma, "and, or, or a comma", {"and", "or"});
      held.duration = need_duration();
      node = Node{std::move(held), frame.offset};
      ++height;
    }
    need_close();
    frames.pop_back();
    if (!error_) frames.back().add_factor(std::move(node), height);
  }
  return std::nullopt;
}

// `depth`: the level of the test.
Node Parser::parse_test(Scope scope, std::size_t depth) {
  if (tests_ == kRuleTestsMax) {
    fail(RuleFault::too_many_tests, "at most " + std::to_string(kRuleTestsMax) + " tests");
    return {};
  }
  ++tests_;
  if (scope == Scope::customer) {
    if (at_word("everyone")) return Node{Everyone{}, next().offset};
    if (at_word("did")) return parse_did(depth);
    if (at_word("first") || at_word("last")) return parse_first_last(depth);
    if (at_membership()) return parse_membership();
  }
  const Token& token = peek();
  const bool name = token.kind == TokenKind::string ||
                    (token.kind == TokenKind::word && !is_reserved(token.text));
  if (name) return parse_attribute();
  fail(RuleFault::expected_test, scope == Scope::customer
                                     ? "a test such as did order_paid, or a name; other names than "
                                       "a-z, 0-9 and _ in double quotes"
                                     : "a property of the event, not or (");
  return {};
}

// Latches the mistake at the next token.
bool Parser::is_too_deep(std::size_t depth) {
  if (depth <= kRuleDepthMax) return false;
  fail(RuleFault::too_deep, "at most " + std::to_string(kRuleDepthMax) + " levels");
  return true;
}

}  // namespace audience
