#include "log/event_label.h"

#include "log/event_label_sql.h"

namespace event_log {

EventLabels event_labels(store::Session& session) {
  EventLabels labels;
  session.query(sql::kEventLabels, {}, [&](const store::Row& row) {
    labels.emplace(row.text(0), EventLabel{std::string(row.text(1)), std::string(row.text(2))});
  });
  return labels;
}

EventLabel event_label(store::Session& session, base::EventTypeId event) {
  const auto label = session.one(sql::kEventLabel, {event.value}, [](const store::Row& row) {
    return EventLabel{std::string(row.text(0)), std::string(row.text(1))};
  });
  return label.value_or(EventLabel{});
}

void label_event(store::Unit& unit, base::EventTypeId event, const EventLabel& label) {
  unit.execute(sql::kLabelEvent,
               {event.value, std::string_view(label.zh), std::string_view(label.en)});
}

}  // namespace event_log
