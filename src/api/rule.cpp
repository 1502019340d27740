#include <algorithm>
#include <boost/describe.hpp>
#include <iterator>
#include <set>

#include "api/asked.h"
#include "api/computed_label_table.h"
#include "api/field_note.h"
#include "api/label.h"
#include "api/live_answer.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "audience/computed_attribute.h"
#include "audience/everyone.h"
#include "audience/everyone_json.h"
#include "audience/explain.h"
#include "audience/explain_json.h"
#include "audience/print.h"
#include "audience/question.h"
#include "audience/tree.h"
#include "audience/triviality.h"
#include "base/check.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/test_account.h"
#include "lifecycle/model.h"
#include "log/event_type.h"

namespace api {
namespace {

namespace json = boost::json;
using audience::Names;
using rights::Permission;

struct RuleText {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
};
BOOST_DESCRIBE_STRUCT(RuleText, (), (rule, tree))

struct CountBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
  std::optional<bool> profile;
  std::optional<bool> test_accounts;  // true: they count as everybody does
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(CountBody, (), (rule, tree, at, at_least, profile, test_accounts, reference))

struct EstimateBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
};
BOOST_DESCRIBE_STRUCT(EstimateBody, (), (rule, tree, at, at_least))

struct ListBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
  std::optional<std::string> after;
  std::optional<std::int64_t> limit;
  std::optional<bool> test_accounts;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(ListBody, (),
                      (rule, tree, at, at_least, after, limit, test_accounts, reference))

struct ExplainBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
  std::string customer;
};
BOOST_DESCRIBE_STRUCT(ExplainBody, (), (rule, tree, at, at_least, customer))

template <typename Body>
base::Moment moment_asked(Call& call, const Body& body) {
  return call.moment(body.at, "/at").value_or(call.now());
}

net::Response check_rule(Call& call) {
  const auto body = call.body<RuleText>();
  const Asked asked = ask(call, {body.rule, body.tree});
  // Said before it is saved.
  std::vector<audience::Warning> warnings = asked.rule->warnings();
  std::ranges::copy(audience::triviality_warnings(*asked.rule), std::back_inserter(warnings));
  return ok(json::object{{"canonical", audience::print(asked.rule->rule(), *asked.names)},
                         {"tree", audience::to_tree(asked.rule->rule())},
                         {"warnings", warnings_to_json(warnings)}});
}

// Of a live audience it is known.
std::optional<json::object> count_live(Call& call, const Asked& asked, base::Moment at) {
  if (!asked.alone) return std::nullopt;
  const auto pinned = call.pin();
  const auto live = live_members(call, asked, pinned.pin, at);
  if (!live) return std::nullopt;
  json::object answer = with_position({{"count", live->persons.size()},
                                       {"at", iso(live->at)},
                                       {"warnings", warnings_to_json(*asked.rule)}},
                                      pinned);
  answer["position"] = event_log::to_text(live->position);
  return answer;
}

net::Response count_rule(Call& call) {
  const auto body = call.body<CountBody>();
  const base::Moment at = moment_asked(call, body);
  Asked asked = ask(call, {body.rule, body.tree});
  if (body.test_accounts.value_or(false)) asked.left_out.clear();
  call.await(body.at_least);
  if (!body.profile.value_or(false)) {
    if (auto counted = count_live(call, asked, at)) return ok(*counted);
  }
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::count, asked, body.reference));
  const auto pinned = call.pin();
  audience::Profile profile;
  audience::Question question = question_of(call, asked, at);
  json::object answer;
  // What it takes tells how many there are of everybody.
  if (body.profile.value_or(false) && call.caller().viewer.only() == nullptr) {
    question.profile = &profile;
    answer["estimate"] = audience::estimate_to_json(audience::estimate(pinned.pin, question));
  }
  turn.watch(question);
  const auto count = audience::count(pinned.pin, question, call.services().pool);
  if (!count) throw turn.refusal();
  answer["count"] = *count;
  answer["at"] = iso(at);
  answer["warnings"] = warnings_to_json(*asked.rule);
  if (question.profile != nullptr) answer["profile"] = audience::profile_to_json(profile);
  return ok(with_position(std::move(answer), pinned));
}

// Beforehand: nothing but a sample is asked.
net::Response estimate_rule(Call& call) {
  const auto body = call.body<EstimateBody>();
  const base::Moment at = moment_asked(call, body);
  const Asked asked = ask(call, {body.rule, body.tree});
  const auto pinned = call.pin(body.at_least);
  json::value estimate;
  // What it takes tells how many there are of everybody.
  if (call.caller().viewer.only() == nullptr) {
    estimate =
        audience::estimate_to_json(audience::estimate(pinned.pin, question_of(call, asked, at)));
  }
  return ok(with_position({{"estimate", std::move(estimate)},
                           {"at", iso(at)},
                           {"warnings", warnings_to_json(*asked.rule)}},
                          pinned));
}

net::Response list_rule(Call& call) {
  const auto body = call.body<ListBody>();
  const PageStart from = page_start(call, body.after);
  base::Moment at = moment_asked(call, body);
  if (from.at && !body.at) at = *from.at;
  const std::size_t rows = page_rows(call, body.limit);
  Asked asked = ask(call, {body.rule, body.tree});
  if (body.test_accounts.value_or(false)) asked.left_out.clear();
  call.await(body.at_least);
  call.await(from.position);
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::list, asked, body.reference));
  const auto pinned = call.pin();
  const RulePage page =
      rule_page(call, pinned.pin, {asked, at, {.limit = rows, .after = from.after}}, turn);
  const Mask mask = call.mask();
  json::array customers;
  for (const audience::Listed& listed : page.people) {
    customers.push_back(json::object{{"id", listed.person.value}, {"key", mask.key(listed.key)}});
  }
  json::value next = next_page(call, from, {page.at, page.position, page.next});
  return ok(with_position(json::object{{"customers", std::move(customers)},
                                       {"next", std::move(next)},
                                       {"at", iso(page.at)},
                                       {"warnings", warnings_to_json(*asked.rule)}},
                          pinned));
}

net::Response explain_rule(Call& call) {
  const auto body = call.body<ExplainBody>();
  const base::Moment at = moment_asked(call, body);
  const Asked asked = ask(call, {body.rule, body.tree});
  const auto pinned = call.pin(body.at_least);
  // Tables may be ahead of the pin: whoever they mean, the person is the pin's.
  const base::CustomerId asked_for = call.services().database.read(
      [&](store::Session& session) { return call.person(session, body.customer); });
  const auto place = pinned.pin.place_of(asked_for);
  if (!place) throw Refusal(pinned.fresh ? "api.unknown_customer" : "api.position_not_reached");
  const base::CustomerId person = pinned.pin.person(place->block, place->row);
  if (!call.caller().viewer.sees(person)) throw Refusal("api.unknown_customer");
  std::string key;
  bool is_test = false;
  const FieldMask mask = call.services().database.read([&](store::Session& session) {
    key = customer::key_of(session, person);
    is_test = customer::test_account_of(session, person).has_value();
    return call.field_mask(session);
  });
  const auto history = pinned.pin.history(place->block, place->row);
  json::object out = mask.explanation(
      audience::explanation_to_json(audience::explain(*asked.rule, *history, *asked.names, at)));
  out["customer"] = json::object{{"id", person.value}, {"key", mask.key(key)}};
  out["test_account"] = is_test;
  return ok(with_position(std::move(out), pinned));
}

json::array names_of(const Names& names, Names::Kind kind) {
  json::array out;
  for (const std::string& name : names.all(kind)) out.push_back(json::value(name));
  return out;
}

// A thing with a name, a type and a note.
template <typename Thing>
json::object field_json(const Thing& thing) {
  json::object out{{"name", thing.name}, {"type", base::name_of(thing.type)}};
  add_note(out, thing.name, thing.note);
  return out;
}

json::array attributes_of(store::Session& session) {
  json::array out;
  std::set<std::string> own;
  for (const auto& attribute : customer::attributes(session)) {
    own.insert(attribute.name);
    out.push_back(field_json(attribute));
  }
  for (const audience::ComputedAttribute& each : audience::computed_attributes()) {
    if (own.contains(std::string(each.name))) continue;  // it was there before; rules mean it
    const auto label = std::ranges::find(kComputedLabels, each.name, &LabelRow::name);
    CHECK(label != std::end(kComputedLabels));
    out.push_back(json::object{{"name", each.name},
                               {"type", base::name_of(each.type)},
                               {"label_zh", label->chinese},
                               {"label_en", label->english},
                               {"personal", false},
                               {"computed", true}});
  }
  return out;
}

json::array events_of(const event_log::EventTypes& types, const Labels& labels) {
  json::array out;
  for (const event_log::EventType& type : types.all()) {
    json::array properties;
    for (const auto& property : type.properties) properties.push_back(field_json(property));
    const Label label = labels.of(type.name);
    out.push_back(json::object{{"name", type.name},
                               {"label_zh", label.chinese},
                               {"label_en", label.english},
                               {"properties", std::move(properties)}});
  }
  return out;
}

json::object label_json(const lifecycle::Text& label) {
  return {{"zh", label.chinese}, {"en", label.english}};
}

json::array models_of(store::Session& session) {
  json::array out;
  for (const lifecycle::Model& model : lifecycle::models(session)) {
    json::array stages;
    for (const lifecycle::Stage& stage : model.stages) {
      stages.push_back(json::object{{"key", stage.key}, {"label", label_json(stage.label)}});
    }
    out.push_back(json::object{
        {"key", model.key}, {"label", label_json(model.label)}, {"stages", std::move(stages)}});
  }
  return out;
}

net::Response list_names(Call& call) {
  json::array models;
  json::array attributes;
  json::array events;
  const auto names = call.services().database.read([&](store::Session& session) {
    auto& catalog = call.services().log.catalog();
    attributes = attributes_of(session);
    models = models_of(session);
    events = events_of(*catalog.of(session), Labels(session));
    return audience::Catalog::of(session, catalog, &call.services().stages);
  });
  json::array audiences;
  json::array lists;
  for (const std::string& name : names->all(Names::Kind::audience)) {
    (names->list(name) ? lists : audiences).push_back(json::value(name));
  }
  return ok(json::object{{"attributes", std::move(attributes)},
                         {"events", std::move(events)},
                         {"tags", names_of(*names, Names::Kind::tag)},
                         {"tag_groups", names_of(*names, Names::Kind::tag_group)},
                         {"audiences", std::move(audiences)},
                         {"lists", std::move(lists)},
                         {"purposes", names_of(*names, Names::Kind::purpose)},
                         {"channels", names_of(*names, Names::Kind::channel)},
                         {"identity_kinds", names_of(*names, Names::Kind::identity_kind)},
                         {"models", std::move(models)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/names", Guard::of(Permission::audiences_read), list_names},
    {net::Method::post, "/rules/check", Guard::of(Permission::audiences_read), check_rule},
    {net::Method::post, "/rules/count", Guard::of(Permission::audiences_read), count_rule},
    {net::Method::post, "/rules/estimate", Guard::of(Permission::audiences_read), estimate_rule},
    {net::Method::post, "/rules/list", Guard::of(Permission::customers_read), list_rule},
    {net::Method::post, "/rules/explain", Guard::of(Permission::customers_read), explain_rule},
};

}  // namespace

std::span<const Route> rule_routes() { return kRoutes; }

}  // namespace api
