// What people call events: the brand's own label (log/event_label.h), else that of the standard
// events (event_labels.tsv), else the event's name.
#pragma once

#include <string>
#include <string_view>

#include "log/event_label.h"
#include "store/database.h"

namespace api {

// A row of event_labels.tsv.
struct LabelRow {
  std::string_view name;
  std::string_view chinese;
  std::string_view english;
};

struct Label {
  std::string chinese;
  std::string english;
};

// Of one answer; any thread.
class Labels {
 public:
  explicit Labels(store::Session& session) : own_(event_log::event_labels(session)) {}

  Label of(std::string_view event) const;
  // As the brand has written it; empty: none.
  const event_log::EventLabel& own(std::string_view event) const;

 private:
  event_log::EventLabels own_;
};

}  // namespace api
