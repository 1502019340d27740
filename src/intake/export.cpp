#include "intake/export.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "base/check.h"
#include "base/json.h"
#include "base/value.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/person.h"
#include "intake/event_row.h"
#include "intake/export_sql.h"
#include "log/event.h"
#include "log/reader.h"
#include "log/rows.h"

namespace intake {
namespace {

constexpr std::int64_t kPageRows = 500;
constexpr std::size_t kKeysInMemoryMax = 100'000;

// A column of a property or attribute.
using TypedColumn = std::pair<std::string, base::ValueType>;

SinkColumn sink_column(const TypedColumn& column) {
  return {column.first + ":" + std::string(base::name_of(column.second)), column.second};
}

class EventExport {
 public:
  // `ids`: of these customers alone; none: of everybody.
  EventExport(const ExportMeans& means, RowSink& sink, std::span<const base::CustomerId> ids = {})
      : means_(means), sink_(sink), ids_(ids) {}

  ExportReport run() {
    means_.database.read([&](store::Session& session) { head_ = means_.log.head(session); });
    each_event([&](store::Session&, const event_log::Event&, const event_log::EventType& type,
                   const boost::json::object& properties) { find_columns(type, properties); });
    std::vector<SinkColumn> header = {{"customer"}, {"event"}, {"time", base::ValueType::time}};
    for (auto& [column, index] : columns_) {
      index = header.size();
      header.push_back(sink_column(column));
    }
    width_ = header.size();
    sink_.open(header);
    report_.wrong_types = 0;
    each_event([&](store::Session& session, const event_log::Event& event,
                   const event_log::EventType& type, const boost::json::object& properties) {
      write(session, event, type, properties);
    });
    return report_;
  }

 private:
  // The events behind a position, some at a time.
  event_log::Reading events_after(store::Session& session, const event_log::Position& at) const {
    if (ids_.empty()) return event_log::read_after(session, at, kPageRows);
    event_log::Reading reading;
    reading.events = event_log::rows_of(session, means_.log.customer_rows(), ids_);
    return reading;
  }

  template <typename Visit>
  void each_event(const Visit& visit) {
    event_log::Position at;
    for (bool more = true; more && !report_.stopped;) {
      means_.database.read([&](store::Session& session) {
        const auto types = means_.log.catalog().of(session);
        const event_log::Reading reading = events_after(session, at);
        at = reading.through;
        more = reading.more && at < head_;
        for (const event_log::Event& event : reading.events) {
          const event_log::EventType* type = types->find(event.type);
          CHECK(type != nullptr);  // types are never deleted
          if (event.position > head_ || is_own_record(type->name)) continue;
          const auto json = base::parse_json(event.properties, event_log::kEventBytesMax);
          if (json && json->is_object()) visit(session, event, *type, json->get_object());
        }
      });
      for (const auto& fields : page_) sink_.row(fields);
      page_.clear();
      if (means_.progress) means_.progress(report_.rows);
      report_.stopped = means_.stop.stop_requested();
    }
  }

  // Calls `each(property, value)` for the properties that are known.
  template <typename Each>
  void each_value(const event_log::EventType& type, const boost::json::object& properties,
                  const Each& each) {
    for (const auto& [key, json] : properties) {
      const event_log::Property* property = type.find(std::string_view(key.data(), key.size()));
      const auto value =
          property == nullptr ? std::nullopt : event_log::read_value(property->type, json);
      if (value) {
        each(*property, *value);
      } else if (!json.is_null()) {
        ++report_.wrong_types;
      }
    }
  }

  void find_columns(const event_log::EventType& type, const boost::json::object& properties) {
    each_value(type, properties, [&](const event_log::Property& property, const base::Value&) {
      columns_.try_emplace(TypedColumn(property.name, property.type), 0);
    });
  }

  void write(store::Session& session, const event_log::Event& event,
             const event_log::EventType& type, const boost::json::object& properties) {
    std::vector<std::string> fields(width_);
    fields[0] = key_of(session, event.customer);
    if (fields[0].empty()) return;  // erased meanwhile
    fields[1] = type.name;
    fields[2] = base::to_iso8601_utc(event.time);
    each_value(type, properties,
               [&](const event_log::Property& property, const base::Value& value) {
                 const auto column = columns_.find(TypedColumn(property.name, property.type));
                 if (column != columns_.end()) fields[column->second] = base::to_text(value);
               });
    page_.push_back(std::move(fields));
    ++report_.rows;
  }

  const std::string& key_of(store::Session& session, base::CustomerId id) {
    if (keys_.size() >= kKeysInMemoryMax) keys_.clear();
    const auto [at, fresh] = keys_.try_emplace(id);
    if (!fresh) return at->second;
    const auto found = customer::customer_with(session, id);
    if (found) at->second = customer::key_of(session, found->person);
    return at->second;
  }

  const ExportMeans& means_;
  RowSink& sink_;
  std::span<const base::CustomerId> ids_;
  ExportReport report_;
  event_log::Position head_;
  std::map<TypedColumn, std::size_t> columns_;  // to the index in a row
  std::size_t width_ = 0;
  std::vector<std::vector<std::string>> page_;  // written behind the reading of it
  std::unordered_map<base::CustomerId, std::string> keys_;
};

class CustomerExport {
 public:
  CustomerExport(const ExportMeans& means, RowSink& sink) : means_(means), sink_(sink) {}

  ExportReport run(const NextPersons& next) {
    write_header();
    while (auto piece = next()) {
      std::span<const base::CustomerId> persons = *piece;
      while (!persons.empty()) {
        if (means_.stop.stop_requested()) {
          report_.stopped = true;
          return report_;
        }
        const auto page = persons.first(std::min<std::size_t>(kPageRows, persons.size()));
        persons = persons.subspan(page.size());
        write_page(page);
      }
    }
    return report_;
  }

 private:
  void write_header() {
    std::vector<SinkColumn> header = {{"customer"}};
    means_.database.read([&](store::Session& session) {
      for (const customer::Attribute& attribute : customer::attributes(session)) {
        columns_.emplace(attribute.id, header.size());
        header.push_back(sink_column({attribute.name, attribute.type}));
      }
    });
    sink_.open(header);
  }

  void write_page(std::span<const base::CustomerId> persons) {
    std::vector<std::vector<std::string>> page;
    means_.database.read([&](store::Session& session) {
      for (const base::CustomerId person : persons) {
        const auto found = customer::customer_with(session, person);
        if (!found || found->person != person) continue;
        page.push_back(fields_of(session, person));
        ++report_.rows;
      }
    });
    for (const auto& fields : page) sink_.row(fields);
    if (means_.progress) means_.progress(report_.rows);
  }

  std::vector<std::string> fields_of(store::Session& session, base::CustomerId person) const {
    std::vector<std::string> fields(columns_.size() + 1);
    fields[0] = customer::key_of(session, person);
    for (const customer::AttributeValue& value : customer::attributes_of(session, person)) {
      const auto column = columns_.find(value.attribute);
      if (value.value && column != columns_.end()) {
        fields[column->second] = base::to_text(*value.value);
      }
    }
    return fields;
  }

  const ExportMeans& means_;
  RowSink& sink_;
  ExportReport report_;
  std::map<base::AttributeId, std::size_t> columns_;  // to the index in a row
};

}  // namespace

ExportReport export_events(const ExportMeans& means, RowSink& sink) {
  return EventExport(means, sink).run();
}

ExportReport export_events(const ExportMeans& means, RowSink& sink,
                           std::span<const base::CustomerId> ids) {
  return EventExport(means, sink, ids).run();
}

ExportReport export_customers(const ExportMeans& means, RowSink& sink) {
  std::int64_t last = 0;
  return CustomerExport(means, sink).run([&]() -> std::optional<std::vector<base::CustomerId>> {
    std::vector<base::CustomerId> persons;
    means.database.read([&](store::Session& session) {
      session.query(sql::kPersonsAfter, {last, kPageRows},
                    [&](const store::Row& row) { persons.push_back({row.integer(0)}); });
    });
    if (persons.empty()) return std::nullopt;
    last = persons.back().value;
    return persons;
  });
}

ExportReport export_customers(const ExportMeans& means, RowSink& sink, const NextPersons& next) {
  return CustomerExport(means, sink).run(next);
}

}  // namespace intake
