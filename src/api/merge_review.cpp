#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/actor_names.h"
#include "api/change.h"
#include "api/route.h"
#include "customer/identity.h"
#include "customer/merge.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

// Who is merged away has the key of their record alone.
std::string number_of(base::CustomerId customer) { return "c_" + std::to_string(customer.value); }

std::string gone_of(store::Session& session, const Mask& mask, const customer::Review& review) {
  if (review.merged) return number_of(review.gone);
  return mask.key(customer::key_of(session, review.gone));
}

json::object to_json(store::Session& session, const Mask& mask, const customer::Review& review) {
  return {{"id", review.id},
          {"survivor", mask.key(customer::key_of(session, review.survivor))},
          {"survivor_id", review.survivor.value},
          {"gone", gone_of(session, mask, review)},
          {"gone_id", review.gone.value},
          {"thing", review.thing},
          {"name", review.name},
          {"at", iso(review.listed_at)},
          {"merged", review.merged},
          {"import", review.batch ? json::value(review.batch->value) : nullptr},
          {"decision", nullptr},
          {"decided_at", nullptr},
          {"decided_by", nullptr}};
}

json::object to_json(store::Session& session, const Mask& mask,
                     const customer::DecidedReview& decided) {
  json::object shown = to_json(session, mask, decided.review);
  // Whoever has been merged since has no key of their own.
  const bool alone = decided.person == decided.review.gone;
  shown["gone"] =
      alone ? mask.key(customer::key_of(session, decided.person)) : number_of(decided.review.gone);
  shown["decision"] = customer::name_of(decided.decision);
  shown["decided_at"] = iso(decided.decided_at);
  shown["decided_by"] = decided.by;
  return shown;
}

struct ReviewPage {
  json::array shown = {};
  std::string next = {};
};

ReviewPage open_page(Call& call, store::Session& session) {
  const auto limit = static_cast<std::size_t>(call.limit());
  const rights::Viewer& viewer = call.caller().viewer;
  const Mask mask = call.mask();
  ReviewPage page;
  const std::string customer = call.query("customer");
  const auto about = customer.empty() ? base::CustomerId{} : call.person(session, customer);
  const auto reviews = customer::open_reviews(session, call.mark_id(), about);
  if (reviews.size() == customer::kReviewsMax) page.next = std::to_string(reviews.back().id);
  for (const customer::Review& review : reviews) {
    if (!viewer.sees(review.survivor)) continue;
    if (!review.merged && !viewer.sees(review.gone)) continue;
    if (page.shown.size() == limit) {
      page.next = std::to_string(page.shown.back().at("id").as_int64());
      break;
    }
    page.shown.push_back(to_json(session, mask, review));
  }
  return page;
}

// Where a page of decided ones ended: "<time>/<id>".
std::string mark_text(const customer::DecidedReview& last) {
  return std::to_string(last.decided_at.ms) + "/" + std::to_string(last.review.id);
}
std::optional<customer::DecidedMark> decided_mark(const Call& call) {
  const std::string after = call.query("after");
  if (after.empty()) return std::nullopt;
  const std::size_t slash = after.find('/');
  const auto time = read_integer(std::string_view(after).substr(0, slash));
  const auto id = slash == std::string::npos
                      ? std::nullopt
                      : read_integer(std::string_view(after).substr(slash + 1));
  if (!time || !id) throw Refusal("api.bad_query", {{"subject", "after"}});
  return customer::DecidedMark{{*time}, *id};
}

ReviewPage decided_page(Call& call, store::Session& session) {
  const auto limit = static_cast<std::size_t>(call.limit());
  const rights::Viewer& viewer = call.caller().viewer;
  const Mask mask = call.mask();
  ReviewPage page;
  const auto reviews = customer::decided_reviews(session, decided_mark(call));
  if (reviews.size() == customer::kReviewsMax) page.next = mark_text(reviews.back());
  const customer::DecidedReview* last = nullptr;
  for (const customer::DecidedReview& decided : reviews) {
    if (!viewer.sees(decided.review.survivor) || !viewer.sees(decided.person)) continue;
    if (page.shown.size() == limit) {
      page.next = mark_text(*last);
      break;
    }
    last = &decided;
    page.shown.push_back(to_json(session, mask, decided));
  }
  return page;
}

net::Response list_merge_reviews(Call& call) {
  const std::string state = call.query("state");
  const bool decided = state == "decided";
  if (!decided && !state.empty() && state != "open") {
    throw Refusal("api.bad_query", {{"subject", "state"}});
  }
  ReviewPage page = call.services().database.read([&](store::Session& session) {
    return decided ? decided_page(call, session) : open_page(call, session);
  });
  ActorNames names(call.services().users);
  for (json::value& review : page.shown) {
    json::value& by = review.at("decided_by");
    if (by.is_string()) by = names.shown(by.get_string());
  }
  json::value next = nullptr;
  if (!page.next.empty()) next = page.next;
  return ok(json::object{{"merge_reviews", std::move(page.shown)}, {"next", std::move(next)}});
}

struct DecisionBody {
  std::string decision;
};
BOOST_DESCRIBE_STRUCT(DecisionBody, (), (decision))

net::Response decide_merge_review(Call& call) {
  const auto body = call.body<DecisionBody>();
  const auto decision = customer::decision_named(body.decision);
  if (!decision) throw Refusal("api.bad_query", {{"subject", "decision"}});
  const std::int64_t id = call.id(0);
  change(call, "merge_review.decide",
         [&](customer::Writing& writing) -> base::Result<void, customer::Error> {
           const auto decided = customer::decide(writing, id, *decision);
           if (!decided) return base::unexpected(decided.error());
           const auto sees = [&](base::CustomerId person) {
             return call.caller().viewer.sees(person);
           };
           const bool shown = *decided && sees((*decided)->survivor) &&
                              ((*decided)->merged || sees((*decided)->gone));
           if (!shown) throw Refusal("api.not_there");
           return {};
         });
  return ok(json::object{{"position", call.position()}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/merge-reviews", Guard::of(Permission::customers_merge),
     list_merge_reviews},
    {net::Method::post, "/merge-reviews/{id}", Guard::of(Permission::customers_merge),
     decide_merge_review},
};

}  // namespace

std::span<const Route> merge_review_routes() { return kRoutes; }

}  // namespace api
