#include "api/asked.h"

#include "audience/parse.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "customer/test_account.h"

namespace api {

namespace json = boost::json;

audience::GivenRule given_rule(const RuleBody& body) {
  if (body.rule.has_value() == body.tree.has_value()) throw Refusal("api.rule_or_tree");
  if (body.rule) return {.text = *body.rule};
  return {.tree = value_or_refuse(audience::from_tree(json::value(*body.tree)))};
}

namespace {

// `audience "…"` by itself.
std::optional<Asked::Alone> alone_in(const Asked& asked, const audience::BindOptions& options) {
  const auto* in = std::get_if<audience::InAudience>(&asked.rule->rule().root.form);
  if (in == nullptr || asked.rule->matches_nobody() || in->list != base::ListId{}) return {};
  const audience::Rule* tree = asked.names->definition(in->audience.id);
  if (tree == nullptr) return {};
  const auto rule = audience::bind(*tree, *asked.names, options);
  if (!rule) return {};
  return Asked::Alone{in->audience.id, *rule};
}

}  // namespace

Asked ask(Call& call, const RuleBody& body) {
  const audience::GivenRule given = given_rule(body);
  const base::Zone& zone = call.zone();
  audience::BindOptions options;
  options.zone = &zone;
  Asked asked;
  asked.names = call.services().database.read([&](store::Session& session) {
    asked.left_out = customer::marked_customers(session);
    return audience::Catalog::of(session, call.services().log.catalog(), &call.services().stages);
  });
  asked.rule = value_or_refuse(given.tree ? audience::bind(*given.tree, *asked.names, options)
                                          : audience::compile(given.text, *asked.names, options));
  asked.alone = alone_in(asked, options);
  return asked;
}

std::optional<Asked> ask_for(Call& call, const WhoBody& who) {
  const int ways = int{who.rule.rule.has_value()} + int{who.rule.tree.has_value()} +
                   int{who.audience.has_value()};
  if (ways == 0) return std::nullopt;
  if (ways > 1) throw Refusal("api.rule_or_tree");
  if (!who.audience) return ask(call, who.rule);
  const auto saved = call.services().database.read([&](store::Session& session) {
    return audience::audience_with(session, base::AudienceId{*who.audience});
  });
  if (!saved) throw Refusal("audience.no_such_audience");
  // The tree keeps its ids: what was renamed since still means the same.
  const auto tree = audience::from_tree_text(saved->tree);
  if (!tree) refuse(tree.error());
  RuleBody body;
  body.tree = audience::to_tree(*tree).as_object();
  Asked asked = ask(call, body);
  asked.alone = Asked::Alone{saved->id, asked.rule};
  return asked;
}

audience::Question question_of(const Call& call, const Asked& asked, base::Moment at) {
  return {
      .rule = *asked.rule, .at = at, .viewer = call.caller().viewer, .left_out = asked.left_out};
}

AskedQuestion asked_question(const Call& call, QuestionKind kind, const Asked& asked,
                             const std::optional<std::string>& reference) {
  return {.kind = kind,
          .actor = call.caller().viewer.actor(),
          .rule = audience::print(asked.rule->rule(), *asked.names),
          .reference = call.reference(reference),
          .gone = call.request().sender_gone()};
}

AskedQuestion table_question(Call& call, QuestionKind kind, const std::optional<Asked>& asked,
                             const std::optional<std::string>& reference) {
  if (asked) return asked_question(call, kind, *asked, reference);
  return {.kind = kind,
          .actor = call.caller().viewer.actor(),
          .reference = call.reference(reference),
          .gone = call.request().sender_gone()};
}

json::array warnings_to_json(const audience::BoundRule& rule) {
  return warnings_to_json(rule.warnings());
}

json::array warnings_to_json(std::span<const audience::Warning> warnings) {
  json::array out;
  for (const audience::Warning& warning : warnings) {
    json::object one{{"code", warning.code}, {"offset", warning.offset}, {"name", warning.name}};
    one["nearest"] = warning.nearest ? json::value(*warning.nearest) : json::value(nullptr);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace api
