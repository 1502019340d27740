#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <deque>
#include <map>
#include <set>
#include <string_view>

#include "account/assignment.h"
#include "api/change.h"
#include "api/customer_name.h"
#include "api/filter.h"
#include "api/route.h"
#include "audience/live_move.h"
#include "base/diagnostics.h"
#include "base/value_json.h"
#include "customer/apart.h"
#include "customer/attribute.h"
#include "customer/erase.h"
#include "customer/merge.h"
#include "customer/person.h"
#include "customer/tag.h"
#include "intake/given_value.h"
#include "order/projection.h"
#include "store/scrub.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::int64_t kScrubAtOnceBytesMax = 256 * 1024 * 1024;

constexpr std::size_t kCustomersAtOnceMax = 1000;
constexpr std::size_t kTagsAtOnceMax = 500;  // of one customer

struct IdentityBody {
  std::string kind;
  std::string value;
  std::optional<std::string> account;
};
BOOST_DESCRIBE_STRUCT(IdentityBody, (), (kind, value, account))

struct CustomerWrite {
  std::string customer;
  static constexpr std::string_view kDefaults[] = {"identities", "tags"};
  std::vector<IdentityBody> identities;
  std::optional<json::object> attributes;
  std::vector<std::string> tags;
  std::optional<std::string> since;
};
BOOST_DESCRIBE_STRUCT(CustomerWrite, (), (customer, identities, attributes, tags, since))

struct CustomerBatch {
  std::vector<CustomerWrite> customers;
  std::optional<std::string> source;
  std::optional<std::string> mode;
};
BOOST_DESCRIBE_STRUCT(CustomerBatch, (), (customers, source, mode))

struct AttributeChanges {
  json::object values;
  std::optional<std::string> since;
};
BOOST_DESCRIBE_STRUCT(AttributeChanges, (), (values, since))

struct TagNames {
  std::vector<std::string> tags;
  std::optional<std::string> since;
};
BOOST_DESCRIBE_STRUCT(TagNames, (), (tags, since))

struct MergeBody {
  std::string other;
};
BOOST_DESCRIBE_STRUCT(MergeBody, (), (other))

std::vector<customer::NewValue> new_values(store::Session& session, const json::object& given,
                                           std::optional<base::Moment> since) {
  std::vector<customer::NewValue> values;
  for (const auto& member : given) {
    customer::NewValue value = intake::given_value(session, member.key(), member.value());
    value.since = since;
    values.push_back(std::move(value));
  }
  return values;
}

base::Result<void, customer::Error> put_tags(customer::Writing& writing, base::CustomerId person,
                                             const TagNames& tags,
                                             std::optional<base::Moment> since) {
  if (tags.tags.size() > kTagsAtOnceMax) throw Refusal("api.too_many_tags");
  for (const std::string& name : tags.tags) {
    const auto tag = customer::declare_tag(writing, name);
    if (!tag) return base::unexpected(tag.error());
    const auto added = customer::add_tag(writing, person, tag->id, since);
    if (!added) return base::unexpected(added.error());
  }
  return {};
}

customer::IdentityRef ref_of(const IdentityBody& identity) {
  // A view into the body: of a text that is there as long as it is.
  const std::string_view account = identity.account ? std::string_view(*identity.account) : "";
  return {.kind = identity.kind, .value = identity.value, .account = account};
}

// Everything one row of a batch says, on the customer it names; how many reviews it opened.
base::Result<std::int64_t, customer::Error> write_row(customer::Writing& writing,
                                                      const CustomerWrite& row,
                                                      base::CustomerId customer,
                                                      std::optional<base::Moment> since) {
  std::vector<customer::NewValue> values;
  if (row.attributes) values = new_values(writing.unit(), *row.attributes, since);
  std::vector<customer::IdentityRef> identities;
  for (const IdentityBody& identity : row.identities) identities.push_back(ref_of(identity));
  static const std::vector<std::string> kTelling = {std::string(customer::kTellingAttribute)};
  const customer::Claim claim{values, kTelling, identities};
  std::int64_t reviews = 0;
  for (const customer::IdentityRef& identity : identities) {
    const auto added = customer::add_or_list(writing, customer, {identity, claim, since});
    if (!added) return base::unexpected(added.error());
    if (added->listed) ++reviews;
  }
  if (!values.empty()) {
    const auto set = customer::set_attributes(writing, customer, values);
    if (!set) return base::unexpected(set.error());
  }
  const auto tagged = put_tags(writing, customer, {row.tags, {}}, since);
  if (!tagged) return base::unexpected(tagged.error());
  return reviews;
}

customer::WritingOptions options_of(Call& call, const CustomerBatch& body) {
  customer::WritingOptions options = call.writing();
  options.source = call.source(body.source);
  const std::string mode = body.mode.value_or("live");
  if (mode != "live" && mode != "history") throw Refusal("api.bad_mode", {{"path", "/mode"}});
  options.live = mode == "live";
  return options;
}

// Whoever does not see all makes no customers: those they name are there and theirs to see.
std::vector<base::CustomerId> find_seen(Call& call, store::Session& session,
                                        std::span<const NamedCustomer* const> names) {
  std::vector<base::CustomerId> found;
  for (const NamedCustomer* named : names) found.push_back(call.person(session, named->name));
  return found;
}

net::Response write_customers(Call& call) {
  const auto body = call.body<CustomerBatch>();
  if (body.customers.size() > kCustomersAtOnceMax) {
    throw Refusal("api.too_many_customers", {{"path", "/customers"}});
  }
  std::map<std::string_view, std::size_t> numbers;
  std::deque<NamedCustomer> named;  // each name once
  std::vector<std::size_t> who;     // of each row
  std::vector<std::optional<base::Moment>> since;
  for (const CustomerWrite& row : body.customers) {
    since.push_back(
        call.moment(row.since, "/customers/" + std::to_string(since.size()) + "/since"));
    const auto [known, is_new] = numbers.emplace(row.customer, named.size());
    if (is_new) named.push_back({row.customer, {call.services().random.id()}});
    who.push_back(known->second);
  }
  std::vector<const NamedCustomer*> names;
  for (const NamedCustomer& one : named) names.push_back(&one);
  const auto options = options_of(call, body);
  std::int64_t made = 0;
  std::int64_t reviews = 0;
  std::int64_t wrong_types = 0;
  const auto done = call.services().database.write(
      "customer.write", [&](store::Unit& unit) -> base::Result<void, customer::Error> {
        customer::Writing writing(unit, call.services().log, options);
        const auto found = call.caller().viewer.only() == nullptr
                               ? find_or_create_all(writing, names, call.services().customer_keys)
                               : find_seen(call, writing.unit(), names);
        made = 0;
        reviews = 0;
        for (std::size_t i = 0; i < found.size(); ++i) made += found[i] == named[i].fresh;
        for (std::size_t i = 0; i < body.customers.size(); ++i) {
          const auto opened = write_row(writing, body.customers[i], found[who[i]], since[i]);
          if (!opened) return base::unexpected(opened.error());
          reviews += *opened;
        }
        wrong_types = customer::wrong_types(writing);
        return {};
      });
  value_or_refuse(done);
  return ok(json::object{{"created", made},
                         {"changed", static_cast<std::int64_t>(named.size()) - made},
                         {"reviews_opened", reviews},
                         {"wrong_types", wrong_types},
                         {"position", call.position()}});
}

json::object written(Call& call) { return {{"position", call.position()}}; }

// The person named in the path, looked up inside the unit that changes them.
base::CustomerId person_of(Call& call, customer::Writing& writing) {
  return call.person(writing.unit(), call.captured(0));
}

net::Response change_attributes(Call& call) {
  const auto body = call.body<AttributeChanges>();
  const auto since = call.moment(body.since, "/since");
  const std::int64_t wrong_types = change(
      call, "customer.attributes",
      [&](customer::Writing& writing) -> base::Result<std::int64_t, customer::Error> {
        const auto set = customer::set_attributes(writing, person_of(call, writing),
                                                  new_values(writing.unit(), body.values, since));
        if (!set) return base::unexpected(set.error());
        return customer::wrong_types(writing);
      });
  return ok(json::object{{"wrong_types", wrong_types}, {"position", call.position()}});
}

net::Response add_identity(Call& call) {
  const auto body = call.body<IdentityBody>();
  change(call, "customer.identity", [&](customer::Writing& writing) {
    return customer::add_identity(
        writing, person_of(call, writing),
        {.kind = body.kind, .value = body.value, .account = body.account.value_or("")},
        std::nullopt);
  });
  return created(written(call));
}

net::Response add_tags(Call& call) {
  const auto body = call.body<TagNames>();
  const auto since = call.moment(body.since, "/since");
  change(call, "customer.tag", [&](customer::Writing& writing) {
    return put_tags(writing, person_of(call, writing), body, since);
  });
  return ok(written(call));
}

net::Response remove_tag(Call& call) {
  const base::TagId tag{call.id(1)};
  change(call, "customer.untag", [&](customer::Writing& writing) {
    return customer::remove_tag(writing, person_of(call, writing), tag, std::nullopt);
  });
  return ok(written(call));
}

net::Response merge_customers(Call& call) {
  const auto body = call.body<MergeBody>();
  const auto merged = change(call, "customer.merge", [&](customer::Writing& writing) {
    return customer::merge(writing, person_of(call, writing),
                           call.person(writing.unit(), body.other));
  });
  const Mask mask = call.mask();
  json::array needs;
  std::string survivor;
  call.services().database.read([&](store::Session& session) {
    survivor = mask.key(customer::key_of(session, merged.survivor));
    for (const customer::Review& review : customer::open_reviews_of(session, merged.gone)) {
      needs.push_back(json::value(review.thing + ": " + review.name));
    }
  });
  return created(json::object{{"id", merged.gone.value},
                              {"survivor", survivor},
                              {"survivor_id", merged.survivor.value},
                              {"position", call.position()},
                              {"needs_a_person", std::move(needs)}});
}

net::Response undo_merge(Call& call) {
  const base::CustomerId gone{call.id(0)};
  change(call, "customer.unmerge", [&](customer::Writing& writing) {
    // Whoever does not see the person does not see that there was a merge.
    const auto known = customer::customer_with(writing.unit(), gone);
    const bool seen = known && call.caller().viewer.sees(known->person);
    if (!seen && call.caller().viewer.only() != nullptr) throw Refusal("api.not_there");
    return customer::unmerge(writing, gone);
  });
  return ok(written(call));
}

// At once where that is quick; else, and when it fails, the server's chores do it.
void scrub(store::Database& database) {
  try {
    if (database.read(store::file_bytes) <= kScrubAtOnceBytesMax) store::scrub_if_due(database);
  } catch (const store::Failure& failure) {
    base::log_warning("the file is to be rewritten later: {}", failure.what());
  }
}

net::Response erase_customer(Call& call) {
  change(call, "customer.erase", [&](customer::Writing& writing) {
    const base::CustomerId person = person_of(call, writing);
    const std::vector<base::CustomerId> ids = ids_of(writing.unit(), person);
    auto erased =
        customer::erase(writing, call.services().erased_hashes, call.services().random, person);
    if (erased) {
      order::erase(writing.unit(), ids);
      account::erase(writing.unit(), ids);
      call.services().fitted.erase(writing.unit(), ids);
      audience::erase_moves(writing.unit(), ids);
    }
    return erased;
  });
  scrub(call.services().database);
  return ok(written(call));
}

constexpr Route kRoutes[] = {
    {net::Method::post, "/customers", Guard::of(Permission::customers_write), write_customers,
     kCustomersBodyBytesMax},
    {net::Method::del, "/customers/{customer}", Guard::of(Permission::customers_erase),
     erase_customer},
    {net::Method::patch, "/customers/{customer}/attributes", Guard::of(Permission::customers_write),
     change_attributes},
    {net::Method::post, "/customers/{customer}/identities", Guard::of(Permission::customers_write),
     add_identity},
    {net::Method::post, "/customers/{customer}/tags", Guard::of(Permission::customers_write),
     add_tags},
    {net::Method::del, "/customers/{customer}/tags/{tag}", Guard::of(Permission::customers_write),
     remove_tag},
    {net::Method::post, "/customers/{customer}/merge", Guard::of(Permission::customers_merge),
     merge_customers},
    {net::Method::del, "/merges/{id}", Guard::of(Permission::customers_merge), undo_merge},
};

}  // namespace

std::span<const Route> customer_change_routes() { return kRoutes; }

}  // namespace api
