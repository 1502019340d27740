#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/change.h"
#include "api/route.h"
#include "customer/identity.h"
#include "customer/merge.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

// Who is merged away has the key of their record alone.
std::string gone_of(store::Session& session, const Mask& mask, const customer::Review& review) {
  if (review.merged) return "c_" + std::to_string(review.gone.value);
  return mask.key(customer::key_of(session, review.gone));
}

net::Response list_merge_reviews(Call& call) {
  const std::int64_t after = call.mark_id();
  const auto limit = static_cast<std::size_t>(call.limit());
  const Mask mask = call.mask();
  json::array shown;
  json::value next = nullptr;
  call.services().database.read([&](store::Session& session) {
    const auto reviews = customer::open_reviews(session, after);
    if (reviews.size() == customer::kReviewsMax) next = std::to_string(reviews.back().id);
    for (const customer::Review& review : reviews) {
      if (!call.caller().viewer.sees(review.survivor)) continue;
      if (!review.merged && !call.caller().viewer.sees(review.gone)) continue;
      if (shown.size() == limit) {
        next = std::to_string(shown.back().at("id").as_int64());
        break;
      }
      shown.push_back(
          json::object{{"id", review.id},
                       {"survivor", mask.key(customer::key_of(session, review.survivor))},
                       {"gone", gone_of(session, mask, review)},
                       {"thing", review.thing},
                       {"name", review.name},
                       {"at", iso(review.listed_at)},
                       {"merged", review.merged},
                       {"import", review.batch ? json::value(review.batch->value) : nullptr}});
    }
  });
  return ok(json::object{{"merge_reviews", std::move(shown)}, {"next", std::move(next)}});
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
