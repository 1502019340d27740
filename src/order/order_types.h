// Inside the module: an event of the log as a fact about an order.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/event.h"
#include "log/event_type.h"
#include "order/rules.h"

namespace order {

inline constexpr std::string_view kOrdersReader = "orders";  // of the log

struct ReadFact {
  Fact fact;
  std::string order_id;
};

// The six event types with the ids of their properties. Borrows the types.
class OrderTypes {
 public:
  explicit OrderTypes(const event_log::EventTypes& types);

  std::vector<base::EventTypeId> ids() const;
  // Nothing: it tells of no order.
  std::optional<ReadFact> read(const event_log::Event& event) const;

 private:
  const event_log::EventTypes& types_;
  std::map<base::EventTypeId, FactKind> kinds_;
};

}  // namespace order
