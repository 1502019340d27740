// The models that come with the product, in the rule language over the standard events:
// shipped_models.tsv and shipped_stages.tsv.
//
// Each is made once in a workspace. One that was deleted there does not come back, one that was
// edited is never written over; a model of the brand's own that has the key or a label already
// stands in the way for good.
#pragma once

#include <string_view>

#include "base/random.h"
#include "log/event_type.h"
#include "store/database.h"

namespace lifecycle {

// Rows of the two files.
struct ShippedModel {
  std::string_view key;
  std::string_view chinese;
  std::string_view english;
  std::string_view words_chinese;
  std::string_view words_english;
};
struct ShippedStage {
  std::string_view model;
  std::string_view key;
  std::string_view chinese;
  std::string_view english;
  std::string_view words_chinese;
  std::string_view words_english;
  std::string_view rule;
};

struct Shipping {
  store::Database& database;
  event_log::EventCatalog& events;
  const base::Zone& zone;
  base::Moment now;
  base::Random& random;
};
// Makes those that were never made here; answers how many. One whose rules cannot be bound (a
// property was declared with another type) is told in the log and tried again at the next start.
std::size_t ship(const Shipping& shipping);

}  // namespace lifecycle
