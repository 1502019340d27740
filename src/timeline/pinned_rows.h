// Inside the module: where a pin's events stand in the log.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "base/id.h"
#include "log/customer_rows.h"
#include "timeline/column_store.h"
#include "timeline/slot_positions.h"

namespace timeline {

// Borrows the positions.
class PinnedRows final : public event_log::CustomerRows::View {
 public:
  PinnedRows(Pin pin, const SlotPositions& positions)
      : pin_(std::move(pin)), positions_(positions) {}

  event_log::Position through() const override { return pin_.position(); }
  std::vector<event_log::RowPlace> rows_of(std::span<const base::CustomerId> customers,
                                           std::span<const base::EventTypeId> types) const override;
  std::vector<event_log::Position> rows_at(std::span<const event_log::RowAt> rows) const override;

 private:
  Pin pin_;
  const SlotPositions& positions_;
};

}  // namespace timeline
