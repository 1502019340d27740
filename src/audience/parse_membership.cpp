#include <utility>

#include "audience/parser.h"

namespace audience {

// Two tokens decide: `tag = "x"` is a test over an attribute that is called tag.
bool Parser::at_membership() const {
  if (at_word("friend")) return at_word("of", 1);
  if (at_word("consents")) return at_word("to", 1);
  if (at_word("identity")) return at_word("on", 1);
  const bool opener = at_word("tag") || at_word("audience") || at_word("group") ||
                      at_word("follows") || at_word("coupon") || at_word("stage") ||
                      at_word("balance");
  return opener && (peek(1).kind == TokenKind::string || at_word("any", 1));
}

Node Parser::parse_membership() {
  const std::size_t offset = peek().offset;
  const std::string_view word = next().text;
  if (word == "tag") {
    if (take_word("any")) {
      need_word("of");
      return Node{HasAnyTag{need_named_string<base::TagGroupId>()}, offset};
    }
    return Node{HasTag{need_named_string<base::TagId>()}, offset};
  }
  if (word == "audience")
    return Node{InAudience{need_named_string<base::AudienceId>(), {}}, offset};
  if (word == "group") return Node{parse_relation(RelationKind::group), offset};
  if (word == "follows") return Node{parse_relation(RelationKind::follows), offset};
  if (word == "coupon") return Node{parse_relation(RelationKind::coupon), offset};
  if (word == "stage") return Node{parse_stage(), offset};
  if (word == "balance") return Node{parse_balance(), offset};
  next();  // of, to, on: looked at by at_membership
  if (word == "friend") return Node{parse_relation(RelationKind::friend_of), offset};
  if (word == "consents") return Node{parse_consents(), offset};
  return Node{HasIdentity{need_named_string<IdentityKindId>()}, offset};
}

NodeForm Parser::parse_relation(RelationKind kind) {
  if (take_word("any")) return Relation{kind, std::nullopt};
  if (peek().kind != TokenKind::string) {
    fail(RuleFault::expected_string, "a text in double quotes, or any", {"any"});
  }
  return Relation{kind, need_string()};
}

NodeForm Parser::parse_consents() {
  Consents test;
  test.purpose = need_named_string<PurposeId>();
  if (take_word("on")) test.channel = need_named_string<ChannelId>();
  return test;
}

NodeForm Parser::parse_stage() {
  Stage test;
  test.model = need_named_string<ModelId>();
  if (take_symbol("=") || at_symbol("!=")) {
    test.test = take_symbol("!=") ? StageTest::not_equal : StageTest::equal;
    test.stages.push_back(need_named_string<StageId>());
  } else if (take_word("in")) {
    test.test = StageTest::in;
    need_open();
    do {
      test.stages.push_back(need_named_string<StageId>());
    } while (take_symbol(","));
    need_close();
  } else if (take_word("is")) {
    test.test = at_word("known") ? StageTest::known : StageTest::unknown;
    if (!at_word("known") && !at_word("unknown")) {
      fail(RuleFault::expected_known_or_unknown, "known unknown", {"known", "unknown"});
    }
    next();
  } else {
    fail(RuleFault::expected_comparison, "= != in is", {"in", "is"});
  }
  return test;
}

NodeForm Parser::parse_balance() {
  Balance test;
  test.asset = need_string();
  test.comparison = need_comparison();
  if (peek().kind != TokenKind::number) fail(RuleFault::expected_number, "a number");
  test.value = parse_value();
  return test;
}

}  // namespace audience
