#include "api/mapped_import.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/check.h"
#include "base/json.h"
#include "customer/attribute.h"
#include "intake/mapped_source.h"
#include "order/order.h"

namespace api {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(const intake::MappingError& error) {
  throw Refusal(intake::code_of(error.fault), {{"subject", error.subject}});
}

// Whether an attribute, or a property of an event of the mapping, has a type already.
bool is_known(Services& services, const intake::Mapping& mapping, std::string_view name) {
  return services.database.read([&](store::Session& session) {
    if (mapping.kind == intake::MappingKind::customers) {
      return customer::attribute_named(session, name).has_value();
    }
    const auto types = services.log.catalog().of(session);
    return std::ranges::any_of(
        types->all(), [&](const event_log::EventType& type) { return type.find(name) != nullptr; });
  });
}

std::map<std::string, base::ValueType> guessed_in(Call& call, intake::ByteSource& file,
                                                  const intake::Mapping& mapping) {
  Services& services = call.services();
  return intake::guessed_types(file, mapping, call.zone(), [&](std::string_view name) {
    return is_known(services, mapping, name);
  });
}

// The types of the attributes there are, for a mapping of customers.
std::map<std::string, base::ValueType> attribute_types(Services& services,
                                                       const intake::Mapping& mapping) {
  std::map<std::string, base::ValueType> types;
  if (mapping.kind != intake::MappingKind::customers) return types;
  services.database.read([&](store::Session& session) {
    for (auto& attribute : customer::attributes(session)) {
      types.emplace(std::move(attribute.name), attribute.type);
    }
  });
  return types;
}

intake::KnownOrder known_order(Services& services, std::string_view id) {
  const auto order = services.database.read(
      [&](store::Session& session) { return order::order_with(session, id); });
  intake::KnownOrder known;
  if (!order) return known;
  known.paid_cents = order->paid.cents;
  known.refunded_cents = order->refunded.cents;
  for (std::size_t kind = 0; kind < order::kFactKinds; ++kind) {
    if (!order->when[kind]) continue;
    known.events.emplace(order::event_of(static_cast<order::FactKind>(kind)));
  }
  return known;
}

// Nothing to be asked while there are no orders.
void add_known_orders(Services& services, intake::MappedMeans& means) {
  const auto is_any = [](store::Session& session) {
    return !order::orders(session, {}, {}, 1).orders.empty();
  };
  if (!services.database.read(is_any)) return;
  means.known_orders = [&services](std::string_view id) { return known_order(services, id); };
}

// What the projection of orders knows, from wherever it came: read when the file is, so that an
// export adds only what nobody has told yet. Refused while it does not know all that is in the log:
// what it does not know would be paid and refunded twice.
intake::MappedMeans means_of(Call& call, intake::ByteSource& file, const intake::Mapping& mapping,
                             const std::stop_token& stop) {
  Services& services = call.services();
  const bool orders = mapping.kind == intake::MappingKind::orders;
  if (orders && !services.orders.catch_up(kAwaitMax, stop).fresh) {
    throw Refusal("api.position_not_reached");
  }
  intake::MappedMeans means{
      call.zone(), {}, guessed_in(call, file, mapping), attribute_types(services, mapping)};
  if (orders) add_known_orders(services, means);
  return means;
}

std::int64_t count_of(const intake::MappedNotes& notes) {
  std::int64_t values = 0;
  for (const auto& [code, count] : notes.values_left_out_counts) values += count;
  return values;
}

json::array to_json(Call& call, const std::vector<intake::LeftOut>& values) {
  json::array out;
  for (const intake::LeftOut& value : values) {
    out.push_back(left_out_to_json(value, language_of(call.request())));
  }
  return out;
}

json::object to_json(const intake::MappedPreview& preview) {
  json::array columns;
  for (const std::string& name : preview.header) columns.push_back(json::value(name));
  json::array rows;
  for (const intake::MappedRow& row : preview.rows) {
    json::array fields;
    for (const std::string& field : row.fields) fields.push_back(json::value(field));
    rows.push_back(json::object{{"line", row.line}, {"fields", std::move(fields)}});
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

}  // namespace

intake::Mapping mapping_of(const json::value& body) {
  auto mapping = intake::read_mapping(json::serialize(body));
  if (!mapping) refuse(mapping.error());
  return std::move(*mapping);
}

FileKind kind_of(Call& call, intake::ByteSource& file) {
  const auto look = intake::look_at_head(file);
  if (!look) throw Refusal(look.error());
  const auto has = [&](std::string_view name) {
    return std::ranges::find(look->columns, name) != look->columns.end();
  };
  if (has("customer") && has("event") && has("time")) return {"events"};
  const auto attributes = call.services().database.read(customer::attributes);
  const bool called = std::ranges::any_of(look->columns, [&](const std::string& column) {
    return intake::names_an_attribute(column, attributes);
  });
  if (!called && has("customer") && !has("event") && !has("time")) return {"customers"};
  FileKind kind{"", intake::recognise(*look, attributes)};
  kind.kind = intake::name_of(kind.recognised->mapping.kind);
  return kind;
}

json::object preview_to_json(Call& call, intake::ByteSource& file, const intake::Mapping& mapping) {
  const base::Zone zone = call.zone();
  intake::MappedMeans means{
      zone, {}, guessed_in(call, file, mapping), attribute_types(call.services(), mapping)};
  const bool orders_known = mapping.kind == intake::MappingKind::orders &&
                            call.services().orders.catch_up(kAwaitMax).fresh;
  if (orders_known) add_known_orders(call.services(), means);
  const auto preview = intake::preview_of(file, mapping, means, kPreviewRows);
  if (!preview) refuse(preview.error());
  json::object out = to_json(*preview);
  out["made"] = preview->made;
  out["orders_known"] = orders_known;
  out["unusable"] = to_json(call, preview->unusable);
  out["unusable_count"] = preview->notes.unusable;
  out["values_left_out"] = to_json(call, preview->notes.values_left_out);
  out["values_left_out_count"] = count_of(preview->notes);
  out["other_persons"] = to_json(call, preview->notes.other_persons);
  out["other_persons_count"] = preview->notes.other_persons_count;
  out["rows_of_file"] = preview->notes.rows;
  out["rows_left_by_rule"] = preview->notes.left_by_rule;
  return out;
}

json::object run_mapped_import(Call& call, const ImportOrder& order, intake::ByteSource& file,
                               const intake::Mapping& mapping) {
  const intake::MappedMeans means = means_of(call, file, mapping, order.stop);
  std::optional<json::object> preview;
  if (order.dry_run) {
    const auto shown = intake::preview_of(file, mapping, means, kPreviewRows);
    if (!shown) refuse(shown.error());
    preview = to_json(*shown);
  }
  intake::MappedSource source(file, mapping, means);
  if (const auto opened = source.open(); !opened) refuse(opened.error());
  ImportOrder run = order;
  run.kind = mapping.kind == intake::MappingKind::customers ? "customers" : "events";
  run.apart = mapping.apart;
  json::object report = run_import(call, run, source);
  const intake::MappedNotes notes = source.notes();
  report["mapping"] = json::parse(intake::to_json_text(mapping));
  report["values_left_out_count"] = count_of(notes);
  report["values_left_out"] = to_json(call, notes.values_left_out);
  report["other_persons_count"] = notes.other_persons_count;
  report["other_persons"] = to_json(call, notes.other_persons);
  report["stop_asked"] = order.stop.stop_requested();
  report["rows_of_file"] = notes.rows;
  report["rows_left_by_rule"] = notes.left_by_rule;
  if (preview) report["preview"] = std::move(*preview);
  return report;
}

}  // namespace api
