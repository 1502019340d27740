#include <boost/json/array.hpp>

#include "api/change.h"
#include "api/route.h"
#include "customer/identity.h"
#include "customer/merge.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

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
      if (shown.size() == limit) {
        next = std::to_string(shown.back().at("id").as_int64());
        break;
      }
      shown.push_back(
          json::object{{"id", review.id},
                       {"survivor", mask.key(customer::key_of(session, review.survivor))},
                       {"gone", "c_" + std::to_string(review.gone.value)},
                       {"thing", review.thing},
                       {"name", review.name},
                       {"at", iso(review.listed_at)}});
    }
  });
  return ok(json::object{{"merge_reviews", std::move(shown)}, {"next", std::move(next)}});
}

net::Response close_merge_review(Call& call) {
  const std::int64_t id = call.id(0);
  change(call, "merge_review.close",
         [&](customer::Writing& writing) -> base::Result<void, customer::Error> {
           if (!customer::close_review(writing, id)) throw Refusal("api.not_there");
           return {};
         });
  return ok(json::object{{"position", call.position()}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/merge-reviews", Guard::of(Permission::customers_merge),
     list_merge_reviews},
    {net::Method::del, "/merge-reviews/{id}", Guard::of(Permission::customers_merge),
     close_merge_review},
};

}  // namespace

std::span<const Route> merge_review_routes() { return kRoutes; }

}  // namespace api
