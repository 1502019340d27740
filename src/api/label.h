// Labels of the standard events (event_labels.tsv); an event of one's own is its own label.
#pragma once

#include <string>
#include <string_view>

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
Label event_label(std::string_view event);

}  // namespace api
