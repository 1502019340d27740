#include "api/label.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "api/label_table.h"

namespace api {
namespace {

// The first that is there.
std::string first_of(const std::array<std::string_view, 4>& texts) {
  return std::string(*std::ranges::find_if(texts, [](auto text) { return !text.empty(); }));
}

}  // namespace

const event_log::EventLabel& Labels::own(std::string_view event) const {
  static const event_log::EventLabel none;
  const auto found = own_.find(event);
  return found == own_.end() ? none : found->second;
}

Label Labels::of(std::string_view event) const {
  const event_log::EventLabel& mine = own(event);
  const auto* found = std::ranges::find(kEventLabels, event, &LabelRow::name);
  const LabelRow standard = found == std::end(kEventLabels) ? LabelRow{} : *found;
  return {first_of({mine.zh, standard.chinese, mine.en, event}),
          first_of({mine.en, standard.english, mine.zh, event})};
}

}  // namespace api
