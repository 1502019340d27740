#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "access/audit.h"
#include "account/staff.h"
#include "api/asked.h"
#include "api/change.h"
#include "api/import_json.h"
#include "api/route.h"
#include "api/sight.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/batch_report.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kNamedMax = 1000;  // customers named one by one

struct BulkBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::int64_t> audience;
  std::optional<std::vector<std::string>> customers;
  std::optional<std::vector<std::string>> add_tags;
  std::optional<std::vector<std::string>> remove_tags;
  std::optional<std::int64_t> add_to_list;
  std::optional<std::int64_t> remove_from_list;
  std::optional<std::int64_t> assign_to_staff;
  std::optional<std::int64_t> take_from_staff;
  std::optional<std::string> at_least;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(BulkBody, (),
                      (rule, tree, audience, customers, add_tags, remove_tags, add_to_list,
                       remove_from_list, assign_to_staff, take_from_staff, at_least, reference))

std::vector<base::CustomerId> named(Call& call, const std::vector<std::string>& names) {
  if (names.size() > kNamedMax) throw Refusal("api.too_many_customers", {{"path", "/customers"}});
  std::vector<base::CustomerId> persons;
  call.services().database.read([&](store::Session& session) {
    for (const std::string& name : names) persons.push_back(call.person(session, name));
  });
  std::ranges::sort(persons);
  const auto twice = std::ranges::unique(persons);
  persons.erase(twice.begin(), twice.end());
  return persons;
}

// Those a rule means at this moment; later changes of who satisfies it do not matter.
std::vector<base::CustomerId> persons_of(Call& call, const BulkBody& body) {
  const auto asked = ask_for(call, {{body.rule, body.tree}, body.audience});
  // Everybody is never meant by leaving something out.
  if (asked.has_value() == body.customers.has_value()) throw Refusal("api.bulk_who");
  if (body.customers) return named(call, *body.customers);
  call.await(body.at_least);
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::list, *asked, body.reference));
  const auto pinned = call.pin();
  if (!pinned.fresh) throw Refusal("api.position_not_reached");
  audience::Question question = question_of(call, *asked, call.now());
  turn.watch(question);
  auto persons = audience::matching(pinned.pin, question, call.services().pool);
  if (!persons) throw turn.refusal();
  return std::move(*persons);
}

base::ListId known_list(Call& call, std::int64_t id) {
  const base::ListId list{id};
  const bool known = call.services().database.read(
      [&](store::Session& session) { return customer::list_with(session, list).has_value(); });
  if (!known) throw Refusal("customer.unknown_list");
  return list;
}

// After what is asked has been read, whose mistakes are told in any case; before a batch is begun
// and in the unit that declares tags: what is refused leaves nothing.
void require_idle(Call& call) {
  if (!call.services().bulk_changes.is_idle()) throw Refusal("api.bulk_runs");
}

// Whose customers they are, alone: it is not taken back with tags and lists.
void add_staff(Call& call, const BulkBody& body, BulkOrder& order) {
  const bool others =
      body.add_tags || body.remove_tags || body.add_to_list || body.remove_from_list;
  if (others || (body.assign_to_staff && body.take_from_staff)) {
    throw Refusal("api.bulk_staff_alone");
  }
  const base::StaffId staff{body.assign_to_staff ? *body.assign_to_staff : *body.take_from_staff};
  const auto member = call.services().database.read(
      [&](store::Session& session) { return account::staff_with(session, staff); });
  if (!member) refuse(account::Fault::unknown_staff);
  if (body.assign_to_staff && member->state != account::StaffState::active) {
    refuse(account::Fault::staff_left);
  }
  require_idle(call);
  (body.assign_to_staff ? order.assign_to : order.take_from) = staff;
  order.actor = call.caller().viewer.actor();
  await_friendships(call.services());
}

// All or none.
std::vector<base::TagId> declared(Call& call, const std::vector<std::string>& names) {
  using Tags = std::vector<base::TagId>;
  return change(call, "bulk.tag",
                [&](customer::Writing& writing) -> base::Result<Tags, customer::Error> {
                  Tags tags;
                  for (const std::string& name : names) {
                    const auto tag = customer::declare_tag(writing, name);
                    if (!tag) return base::unexpected(tag.error());
                    tags.push_back(tag->id);
                  }
                  require_idle(call);
                  return tags;
                });
}

void add_things(Call& call, const BulkBody& body, BulkOrder& order) {
  if (body.assign_to_staff || body.take_from_staff) return add_staff(call, body, order);
  const auto add = body.add_tags.value_or(std::vector<std::string>{});
  const auto remove = body.remove_tags.value_or(std::vector<std::string>{});
  if (add.size() + remove.size() > kThingsMax) throw Refusal("api.too_many_tags");
  if (body.add_to_list) order.add_to_list = known_list(call, *body.add_to_list);
  if (body.remove_from_list) order.remove_from_list = known_list(call, *body.remove_from_list);
  const bool lists = order.add_to_list || order.remove_from_list;
  if (add.empty() && remove.empty() && !lists) throw Refusal("api.bulk_nothing");
  call.services().database.read([&](store::Session& session) {
    for (const std::string& name : remove) {
      const auto tags = customer::tags_named(session, name);
      if (tags.empty()) throw Refusal("customer.unknown_tag");
      for (const customer::Tag& tag : tags) order.remove_tags.push_back(tag.id);
    }
  });
  order.add_tags = declared(call, add);
}

void begin(Call& call, const BulkOrder& order, const BulkBody& body) {
  const rights::Actor& actor = call.caller().viewer.actor();
  json::object after{{"customers", order.persons.size()}};
  const auto add = [&](std::string_view name, const auto& given) {
    if (given) after[name] = json::value_from(*given);
  };
  add("add_tags", body.add_tags);
  add("remove_tags", body.remove_tags);
  add("add_to_list", body.add_to_list);
  add("remove_from_list", body.remove_from_list);
  add("assign_to_staff", body.assign_to_staff);
  add("take_from_staff", body.take_from_staff);
  const bool assigns = order.assign_to || order.take_from;
  call.services().database.write("bulk.begin", [&](store::Unit& unit) {
    event_log::begin_batch(unit, {order.batch,
                                  std::string(assigns ? kBulkAssignKind : kBulkKind),
                                  {},
                                  actor.name.empty() ? rights::to_text(actor) : actor.name,
                                  call.now()});
    rights::AuditEntry entry{
        .actor = actor, .at = call.now(), .noun = "bulk_change", .verb = "started"};
    entry.subject = std::to_string(order.batch.value);
    entry.after = json::serialize(after);
    rights::record(unit, entry);
  });
}

// Whose customers they are is another right than what is said of customers.
void require_right(Call& call, bool assigns) {
  const Permission needed = assigns ? Permission::customers_assign : Permission::tags_write;
  if (!call.caller().viewer.may(needed)) throw Refusal("access.not_allowed");
}

// Why it stopped by itself.
void add_reason(Call& call, const std::optional<event_log::BatchReport>& report,
                json::object& shown) {
  const auto kept = report ? base::parse_stored_json(report->report) : std::nullopt;
  const auto* reason = kept ? kept->as_object().if_contains("reason") : nullptr;
  const ProblemText* text = reason != nullptr ? find_problem(reason->as_string()) : nullptr;
  if (text == nullptr) return;
  shown["reason"] = json::object{{"code", text->code},
                                 {"detail", sentence_of(*text, language_of(call.request()), "")}};
}

// By the audit, which knows who it was; names are given anew, and keys have them, too.
bool has_begun(store::Session& session, base::BatchId batch, const rights::Actor& actor) {
  rights::AuditEntry begun{.actor = actor, .at = {}, .noun = "bulk_change", .verb = "started"};
  begun.subject = std::to_string(batch.value);
  return rights::is_recorded(session, begun);
}

json::object to_json(Call& call, base::BatchId id) {
  const auto running = call.services().bulk_changes.running();
  std::optional<event_log::BatchReport> report;
  const auto batch = call.services().database.read([&](store::Session& session) {
    report = event_log::report_of(session, id);
    return event_log::find_batch(session, id);
  });
  const bool assigns = batch && batch->kind == kBulkAssignKind;
  if (!batch || (batch->kind != kBulkKind && !assigns)) throw Refusal("api.not_there");
  // Whoever does not see all sees their own: those of others are about others' customers.
  const rights::Viewer& viewer = call.caller().viewer;
  const bool own = viewer.only() == nullptr || call.services().database.read([&](auto& session) {
    return has_begun(session, id, viewer.actor());
  });
  if (!own) throw Refusal("api.not_there");
  require_right(call, assigns);
  const bool runs = running && running->batch == id;
  json::object out{{"id", id.value},
                   {"state", event_log::name_of(batch->state)},
                   {"by", batch->who},
                   {"at", iso(batch->started)},
                   {"customers", runs ? running->customers : batch->counts.rows},
                   {"done", batch->counts.rows},
                   {"changed", batch->counts.written},
                   {"as_before", batch->counts.repeated},
                   {"left_out", batch->counts.refused},
                   {"undoable", !assigns}};
  add_reason(call, report, out);
  add_undo(call, id, out);
  return out;
}

net::Response start_bulk_change(Call& call) {
  const auto body = call.body<BulkBody>();
  BulkChanges& changes = call.services().bulk_changes;
  require_right(call, body.assign_to_staff || body.take_from_staff);
  BulkOrder order;
  order.persons = persons_of(call, body);
  add_things(call, body, order);
  order.batch = base::BatchId{call.services().random.id()};
  const base::BatchId batch = order.batch;
  begin(call, order, body);
  if (!changes.start(std::move(order))) {
    // Of two at one moment the second has a batch that nothing is written to.
    const event_log::BatchEnd end{call.now(), event_log::BatchState::stopped};
    call.services().database.write("bulk.give_way", [&](store::Unit& unit) {
      (void)event_log::finish_batch(unit, batch, end);
    });
    throw Refusal("api.bulk_runs");
  }
  return json_response(202, to_json(call, batch));
}

net::Response get_bulk_change(Call& call) { return ok(to_json(call, base::BatchId{call.id(0)})); }

net::Response stop_bulk_change(Call& call) {
  const base::BatchId id{call.id(0)};
  (void)to_json(call, id);  // 404 when there is none
  call.services().bulk_changes.stop(id);
  return ok(to_json(call, id));
}

net::Response undo_bulk_change(Call& call) {
  const base::BatchId id{call.id(0)};
  // Before it is stopped: what is refused changes nothing.
  if (!to_json(call, id).at("undoable").as_bool()) throw Refusal("api.bulk_not_undone");
  call.services().bulk_changes.stop(id);
  TakenBack taken = take_back(call, id);
  return json_response(taken.status, json::object{{"bulk_change", to_json(call, id)},
                                                  {"kept", std::move(taken.kept)}});
}

constexpr Guard kGuard = Guard::either(Permission::tags_write, Permission::customers_assign);

constexpr Route kRoutes[] = {
    {net::Method::post, "/bulk-changes", kGuard, start_bulk_change},
    {net::Method::get, "/bulk-changes/{id}", kGuard, get_bulk_change},
    {net::Method::post, "/bulk-changes/{id}/stop", kGuard, stop_bulk_change},
    {net::Method::post, "/bulk-changes/{id}/undo", kGuard, undo_bulk_change},
};

}  // namespace

std::span<const Route> bulk_change_routes() { return kRoutes; }

}  // namespace api
