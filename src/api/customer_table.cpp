// Customers as a table: pages with the columns somebody asks for.
#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/customer_columns.h"
#include "api/customer_found.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/record.h"
#include "customer/test_account.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct TableBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::int64_t> audience;
  std::optional<std::string> search;
  std::optional<std::vector<std::string>> columns;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
  std::optional<SortBody> sort;
  std::optional<std::string> after;
  std::optional<std::int64_t> limit;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(TableBody, (),
                      (rule, tree, audience, search, columns, at, at_least, sort, after, limit,
                       reference))

class TablePage {
 public:
  TablePage(Call& call, const CustomerColumns& columns, const Call::Pinned& pinned, base::Moment at)
      : call_(call), columns_(columns), pin_(pinned.pin), at_(at), mask_(call.mask()) {}

  json::array rows(std::span<const audience::Listed> people) const {
    json::array rows;
    call_.services().database.read([&](store::Session& session) {
      rows.clear();
      const auto tests = customer::customers_of_test_accounts(session);
      for (const audience::Listed& listed : people) {
        const auto place = place_in(pin_, listed.person);
        if (!place) continue;
        json::object made = row(session, listed, *place);
        made["test_account"] = std::ranges::binary_search(tests, listed.person);
        rows.push_back(std::move(made));
      }
    });
    return rows;
  }

 private:
  json::object row(store::Session& session, const audience::Listed& listed,
                   const timeline::Pin::Place& place) const {
    json::object cells;
    auto made = columns_.cells(session, {pin_, place, listed.person, at_});
    for (std::size_t at = 0; at < made.size(); ++at) {
      cells[columns_.name(at)] = std::move(made[at].shown);
    }
    const auto attributes = customer::attributes_of(session, listed.person);
    return {{"id", listed.person.value},
            {"key", mask_.key(listed.key)},
            {"name", mask_.name(customer::called(attributes))},
            {"cells", std::move(cells)}};
  }

  Call& call_;
  const CustomerColumns& columns_;
  const timeline::Pin& pin_;
  base::Moment at_;
  Mask mask_;
};

net::Response list_found(Call& call, const TableBody& body, const std::optional<Asked>& asked) {
  const base::Moment at = call.moment(body.at, "/at").value_or(call.now());
  const CustomerColumns columns = columns_of(call, body.columns);
  auto pinned = call.pin(body.at_least);
  follow_orders(call, columns, pinned, call.request().sender_gone());
  const FoundPeople::Page found =
      FoundPeople(call, {pinned.pin, at, asked, body.search ? *body.search : std::string_view()})
          .page(call.given_mark(body.after.value_or("")), page_rows(call, body.limit));
  json::value next;
  if (!found.next.empty()) next = call.shown_mark(found.next);
  json::array warnings;
  if (asked) warnings = warnings_to_json(*asked->rule);
  return ok(with_position(
      json::object{{"customers", TablePage(call, columns, pinned, at).rows(found.people)},
                   {"next", std::move(next)},
                   {"at", iso(at)},
                   {"warnings", std::move(warnings)}},
      pinned));
}

net::Response list_matching(Call& call, const TableBody& body, const Asked& asked) {
  const PageStart start = page_start(call, body.after);
  base::Moment at = call.moment(body.at, "/at").value_or(call.now());
  if (start.at && !body.at) at = *start.at;
  const std::size_t rows = page_rows(call, body.limit);
  call.await(body.at_least);
  call.await(start.position);
  const CustomerColumns columns = columns_of(call, body.columns);
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::list, asked, body.reference));
  auto pinned = call.pin();
  follow_orders(call, columns, pinned, turn.stop_token());
  const RulePage page =
      rule_page(call, pinned.pin, {asked, at, {.limit = rows, .after = start.after}}, turn);
  json::value next = next_page(call, start, {page.at, page.position, page.next});
  return ok(with_position(
      json::object{{"customers", TablePage(call, columns, pinned, page.at).rows(page.people)},
                   {"next", std::move(next)},
                   {"at", iso(page.at)},
                   {"warnings", warnings_to_json(*asked.rule)}},
      pinned));
}

std::vector<audience::Listed> with_keys(Call& call, std::span<const audience::Sorted> people) {
  return call.services().database.read([&](store::Session& session) {
    std::vector<audience::Listed> listed;
    for (const audience::Sorted& each : people) {
      listed.push_back({customer::key_of(session, each.person), each.person});
    }
    return listed;
  });
}

net::Response list_sorted(Call& call, const TableBody& body, const std::optional<Asked>& asked) {
  const PageStart start = page_start(call, body.after);
  const auto after = start.after ? audience::sorted_from(*start.after) : std::nullopt;
  if (start.after && !after) throw Refusal("api.bad_query", {{"subject", "after"}});
  base::Moment at = call.moment(body.at, "/at").value_or(call.now());
  if (start.at && !body.at) at = *start.at;
  const std::size_t rows = page_rows(call, body.limit);
  const audience::SortOrder order = sort_order(call, *body.sort, at);
  call.await(body.at_least);
  call.await(start.position);
  const CustomerColumns columns = columns_of(call, body.columns);
  Questions::Turn turn(call.services().questions,
                       table_question(call, QuestionKind::list, asked, body.reference));
  auto pinned = call.pin();
  follow_orders(call, columns, pinned, turn.stop_token());
  const std::string search = body.search.value_or("");
  auto people =
      sorted_people(call, {pinned.pin, at, asked, search}, {order, rows + 1, after}, turn);
  std::optional<std::string> mark;
  if (people.size() > rows) {
    people.pop_back();
    mark = audience::mark_of(people.back());
  }
  json::value next = next_page(call, start, {at, pinned.pin.position(), mark});
  return ok(with_position(
      json::object{
          {"customers", TablePage(call, columns, pinned, at).rows(with_keys(call, people))},
          {"next", std::move(next)},
          {"at", iso(at)},
          {"warnings", asked ? warnings_to_json(*asked->rule) : json::array()}},
      pinned));
}

net::Response list_table(Call& call) {
  const auto body = call.body<TableBody>();
  const auto asked = ask_for(call, {{body.rule, body.tree}, body.audience});
  const bool searches = body.search && !body.search->empty();
  if (body.sort) return list_sorted(call, body, asked);
  if (asked && !searches) return list_matching(call, body, *asked);
  return list_found(call, body, asked);
}

constexpr Route kRoutes[] = {
    {net::Method::post, "/customers/list", Guard::of(Permission::customers_read), list_table},
};

}  // namespace

std::span<const Route> customer_table_routes() { return kRoutes; }

}  // namespace api
