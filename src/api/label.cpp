#include "api/label.h"

#include <algorithm>
#include <iterator>

#include "api/label_table.h"

namespace api {

Label event_label(std::string_view event) {
  const auto* found = std::ranges::find(kEventLabels, event, &LabelRow::name);
  if (found == std::end(kEventLabels)) return {std::string(event), std::string(event)};
  return {std::string(found->chinese), std::string(found->english)};
}

}  // namespace api
