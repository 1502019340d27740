#include "api/customer_found.h"

#include <algorithm>

#include "api/customer_columns.h"
#include "audience/evaluate.h"
#include "audience/everyone.h"
#include "customer/attribute.h"
#include "customer/record.h"

namespace api {
namespace {

constexpr std::string_view kAttribute = "attribute:";

// Who the customers left out are at the pin.
std::set<base::CustomerId> persons_left_out(const Whom& whom) {
  std::set<base::CustomerId> persons;
  if (!whom.asked) return persons;
  for (const base::CustomerId customer : whom.asked->left_out) {
    const auto place = whom.pin.place_of(customer);
    if (place) persons.insert(whom.pin.person(place->block, place->row));
  }
  return persons;
}

std::vector<timeline::RowMask> rows_found(Call& call, const Whom& whom, Questions::Turn& turn) {
  const FoundPeople found(call, whom);
  std::vector<timeline::RowMask> rows(whom.pin.blocks());
  std::size_t people = 0;
  std::string after;
  do {
    if (!turn.go_on()) throw turn.refusal();
    const FoundPeople::Page page = found.page(after, customer::kPageRowsMax);
    for (const audience::Listed& listed : page.people) {
      const auto place = place_in(whom.pin, listed.person);
      if (place) rows[place->block].add(place->row);
    }
    people += page.people.size();
    if (people > kSortedFoundMax) throw Refusal("api.too_many_found");
    after = page.next;
  } while (!after.empty());
  return rows;
}

std::vector<timeline::RowMask> rows_of(Call& call, const Whom& whom, Questions::Turn& turn) {
  if (!whom.search.empty()) return rows_found(call, whom, turn);
  if (!whom.asked) return audience::rows_seen(whom.pin, call.caller().viewer);
  audience::Question question = question_of(call, *whom.asked, whom.at);
  turn.watch(question);
  auto rows = audience::matching_rows(whom.pin, question, call.services().pool);
  if (!rows) throw turn.refusal();
  return std::move(*rows);
}

}  // namespace

std::optional<timeline::Pin::Place> place_in(const timeline::Pin& pin, base::CustomerId person) {
  const auto place = pin.place_of(person);
  if (!place || pin.person(place->block, place->row) != person) return std::nullopt;
  return place;
}

audience::SortOrder sort_order(Call& call, const SortBody& body, base::Moment at) {
  audience::SortOrder order{.at = at, .descending = body.descending.value_or(false)};
  if (body.column == "created_at") return order;
  return call.services().database.read([&](store::Session& session) {
    if (body.column.starts_with(kAttribute)) {
      const auto known = customer::attribute_named(session, body.column.substr(kAttribute.size()));
      if (!known) throw Refusal("api.unknown_column", {{"subject", body.column}});
      order.by = audience::SortBy::attribute;
      order.attribute = known->id;
      return order;
    }
    order.events = counted_events(call, session);
    if (body.column == "first_event_at") {
      order.by = audience::SortBy::first_event_at;
    } else if (body.column == "last_event_at") {
      order.by = audience::SortBy::last_event_at;
    } else {
      throw Refusal("api.unsortable_column", {{"subject", body.column}});
    }
    return order;
  });
}

FoundPeople::FoundPeople(Call& call, const Whom& whom)
    : call_(call), whom_(whom), left_out_(persons_left_out(whom)) {}

bool FoundPeople::holds(const timeline::Pin::Place& place) const {
  if (!whom_.asked) return true;
  if (left_out_.contains(whom_.pin.person(place.block, place.row))) return false;
  return audience::holds_at(*whom_.asked->rule, *whom_.pin.history(place.block, place.row),
                            whom_.at);
}

FoundPeople::Page FoundPeople::page(const std::string& after, std::size_t rows) const {
  const rights::Viewer& viewer = call_.caller().viewer;
  const customer::Search search{.text = whom_.search,
                                .after = after,
                                .rows = std::min(rows, customer::kPageRowsMax),
                                .phones_masked = viewer.masks().phone,
                                .names_masked = viewer.masks().name,
                                .only = viewer.only()};
  if (!customer::is_mark(search)) throw Refusal("api.bad_query", {{"subject", "after"}});
  const customer::Page page = call_.services().database.read(
      [&](store::Session& session) { return customer::list_customers(session, search); });
  Page found{.people = {}, .next = page.next};
  for (const customer::Listed& listed : page.customers) {
    const auto place = place_in(whom_.pin, listed.person);
    if (place && holds(*place)) found.people.push_back({listed.key, listed.person});
  }
  return found;
}

std::vector<audience::Sorted> sorted_people(Call& call, const Whom& whom, const SortedCut& asked,
                                            Questions::Turn& turn) {
  const auto rows = rows_of(call, whom, turn);
  const audience::SortCut cut{
      .limit = asked.limit, .after = asked.after, .stop = turn.stop_token()};
  auto people = audience::sorted(whom.pin, rows, {asked.order, cut}, call.services().pool);
  if (!people) throw turn.refusal();
  return std::move(*people);
}

}  // namespace api
