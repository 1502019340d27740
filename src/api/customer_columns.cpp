#include "api/customer_columns.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>
#include <memory>
#include <set>
#include <utility>

#include "api/field_note.h"
#include "base/check.h"
#include "base/value_json.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/person.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "intake/event_row.h"
#include "order/order.h"

namespace api {
namespace {

namespace json = boost::json;

constexpr std::string_view kAttribute = "attribute:";
constexpr std::string_view kIdentity = "identity:";
constexpr std::string_view kBetween = "; ";  // of several in one cell of a file

Cell moment_cell(std::optional<base::Moment> moment) {
  if (!moment) return {};
  std::string text = iso(*moment);
  return {json::value(text), std::move(text)};
}

Cell list_cell(const std::vector<std::string>& texts) {
  json::array all;
  std::string joined;
  for (const std::string& text : texts) {
    all.push_back(json::value(text));
    joined += (joined.empty() ? "" : std::string(kBetween)) + text;
  }
  return {std::move(all), std::move(joined)};
}

}  // namespace

struct CustomerColumns::Reading {
  store::Session& session;
  const PersonRow& row;
  std::unique_ptr<timeline::History> made = {};
  std::optional<std::vector<customer::Identity>> identities = {};
  std::optional<order::Totals> totals = {};

  const timeline::History& history() {
    if (!made) made = row.pin.history(row.place.block, row.place.row);
    return *made;
  }
};

CustomerColumns::CustomerColumns(Call& call, store::Session& session,
                                 std::span<const std::string> asked)
    : call_(call), mask_(call.field_mask(session)) {
  if (asked.size() > kColumnsMax) throw Refusal("api.too_many_columns");
  std::set<std::string_view> names;
  for (const std::string& name : asked) {
    if (!names.insert(name).second) throw Refusal("api.unknown_column", {{"subject", name}});
    columns_.push_back(column_of(session, name));
  }
  using Membership = timeline::MembershipKind;
  if (has(Kind::tags)) {
    for (const customer::Tag& tag : customer::tags(session)) {
      tags_.push_back({{Membership::tag, tag.id.value}, tag.group_name + "/" + tag.name});
    }
  }
  if (has(Kind::lists)) {
    for (const customer::StaticList& list : customer::lists(session)) {
      lists_.push_back({{Membership::list, list.id.value}, list.name});
    }
  }
  if (has(Kind::first_event_at) || has(Kind::last_event_at)) {
    events_ = counted_events(call, session);
  }
}

CustomerColumns::Column CustomerColumns::column_of(store::Session& session,
                                                   const std::string& asked) const {
  constexpr std::array<std::pair<std::string_view, Kind>, 7> kPlain = {
      {{"tags", Kind::tags},
       {"lists", Kind::lists},
       {"created_at", Kind::created_at},
       {"first_event_at", Kind::first_event_at},
       {"last_event_at", Kind::last_event_at},
       {"orders", Kind::orders},
       {"net", Kind::net}}};
  for (const auto& [name, kind] : kPlain) {
    if (asked == name) return {.asked = asked, .kind = kind};
  }
  if (asked.starts_with(kAttribute)) {
    const std::string name = asked.substr(kAttribute.size());
    if (const auto known = customer::attribute_named(session, name)) {
      return {asked, Kind::attribute, name, known->id.value, known->type, known->note};
    }
  }
  if (asked.starts_with(kIdentity)) {
    const std::string name = asked.substr(kIdentity.size());
    if (customer::identity_kind_named(session, name)) {
      return {.asked = asked, .kind = Kind::identity, .name = name};
    }
  }
  throw Refusal("api.unknown_column", {{"subject", asked}});
}

bool CustomerColumns::has(Kind kind) const {
  return std::ranges::find(columns_, kind, &Column::kind) != columns_.end();
}

bool CustomerColumns::has_orders() const { return has(Kind::orders) || has(Kind::net); }

std::vector<std::string> CustomerColumns::names() const {
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.asked);
  return names;
}

std::vector<intake::SinkColumn> CustomerColumns::header() const {
  std::vector<intake::SinkColumn> header = {{"customer"}};
  for (const Column& column : columns_) {
    intake::SinkColumn made{title_of(column)};
    if (column.kind == Kind::attribute && !mask_.hides(column.name)) made.type = column.type;
    if (column.kind == Kind::orders) made.type = base::ValueType::integer;
    if (column.kind == Kind::net) made.type = base::ValueType::money;
    header.push_back(std::move(made));
  }
  return header;
}

// Of two with one label each has its name behind it.
std::string CustomerColumns::title_of(const Column& column) const {
  const base::LabelLanguage language = label_language(call_);
  const std::string_view label = base::label_of(column.note, "", language);
  if (label.empty()) return column.asked;
  const auto is_called_so = [&](const Column& other) {
    return base::label_of(other.note, "", language) == label;
  };
  if (std::ranges::count_if(columns_, is_called_so) == 1) return std::string(label);
  return std::string(label) + " " + column.name;
}

std::vector<Cell> CustomerColumns::cells(store::Session& session, const PersonRow& row) const {
  Reading reading{.session = session, .row = row};
  std::vector<Cell> cells;
  cells.reserve(columns_.size());
  for (const Column& column : columns_) cells.push_back(cell(column, reading));
  return cells;
}

Cell CustomerColumns::cell(const Column& column, Reading& reading) const {
  switch (column.kind) {
    case Kind::attribute:
      return attribute(column, reading);
    case Kind::identity:
      return identities(column, reading);
    case Kind::tags:
      return carried(tags_, reading);
    case Kind::lists:
      return carried(lists_, reading);
    case Kind::created_at: {
      const auto& [block, row] = reading.row.place;
      return moment_cell(reading.row.pin.created_at(block, row));
    }
    case Kind::first_event_at:
    case Kind::last_event_at:
      return edge_event(column.kind, reading);
    case Kind::orders:
    case Kind::net:
      return orders(column.kind, reading);
  }
  base::unreachable();
}

Cell CustomerColumns::attribute(const Column& column, Reading& reading) const {
  const base::AttributeId id{column.id};
  const auto changes = reading.history().attribute(id);
  const auto behind =
      std::ranges::upper_bound(changes, reading.row.at, {}, &timeline::AttributeChange::since);
  if (behind == changes.begin()) return {};
  const std::optional<base::Value>& value = std::prev(behind)->value;
  if (!value) return {};
  const json::value plain = base::value_to_json(*value);
  json::value shown = mask_.value(column.name, plain);
  if (shown == plain) return {std::move(shown), base::to_text(*value)};
  if (shown.is_array()) return list_cell(json::value_to<std::vector<std::string>>(shown));
  std::string text(shown.as_string());
  return {std::move(shown), std::move(text)};
}

Cell CustomerColumns::identities(const Column& column, Reading& reading) const {
  if (!reading.identities) {
    reading.identities = customer::identities_of(reading.session, reading.row.person);
  }
  std::vector<std::string> values;
  for (const customer::Identity& identity : *reading.identities) {
    if (identity.kind_name != column.name) continue;
    values.push_back(mask_.identity(identity.kind_name, identity.value));
  }
  return list_cell(values);
}

Cell CustomerColumns::carried(std::span<const Thing> things, Reading& reading) const {
  std::vector<std::string> names;
  for (const Thing& thing : things) {
    for (const timeline::Span& span : reading.history().membership(thing.key)) {
      if (span.from <= reading.row.at && reading.row.at < span.to) names.push_back(thing.name);
    }
  }
  return list_cell(names);
}

Cell CustomerColumns::edge_event(Kind kind, Reading& reading) const {
  std::optional<base::Moment> edge;
  for (const base::EventTypeId type : events_) {
    const auto events = reading.history().events(type);
    const auto behind =
        std::ranges::upper_bound(events, reading.row.at, {}, &timeline::EventAt::time);
    if (behind == events.begin()) continue;
    if (kind == Kind::first_event_at) {
      edge = std::min(edge.value_or(events.front().time), events.front().time);
    } else {
      const base::Moment last = std::prev(behind)->time;
      edge = std::max(edge.value_or(last), last);
    }
  }
  return moment_cell(edge);
}

Cell CustomerColumns::orders(Kind kind, Reading& reading) const {
  if (!reading.totals) {
    std::vector<base::CustomerId> ids;
    for (const auto& each : customer::customers_of(reading.session, reading.row.person)) {
      ids.push_back(each.id);
    }
    reading.totals = order::totals_of(reading.session, ids);
  }
  if (kind == Kind::orders) {
    return {json::value(reading.totals->orders_paid), std::to_string(reading.totals->orders_paid)};
  }
  std::string net = base::to_text(base::Value(reading.totals->net()));
  return {json::value(net), std::move(net)};
}

CustomerColumns columns_of(Call& call, const std::optional<std::vector<std::string>>& asked) {
  const std::vector<std::string> none;
  return call.services().database.read([&](store::Session& session) {
    return CustomerColumns(call, session, asked ? *asked : none);
  });
}

void follow_orders(Call& call, const CustomerColumns& columns, Call::Pinned& pinned,
                   const std::stop_token& stop) {
  if (!columns.has_orders()) return;
  if (!call.services().orders.catch_up(kAwaitMax, stop).fresh) pinned.fresh = false;
}

std::vector<base::EventTypeId> counted_events(Call& call, store::Session& session) {
  std::vector<base::EventTypeId> events;
  for (const event_log::EventType& type : call.services().log.catalog().of(session)->all()) {
    if (!intake::is_own_record(type.name)) events.push_back(type.id);
  }
  std::ranges::sort(events);
  return events;
}

}  // namespace api
