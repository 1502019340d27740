// One call of Log::append: from prepared events to rows in the caller's unit.
//
//   positions → whose keys and rows are known already → names registered → rows written
//
// What the catalog has to know is asked once for a shape, not for an event. Lives inside that call.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "log/key_claim.h"
#include "log/log.h"

namespace event_log {

class Appending {
 public:
  // What the log lends for the call.
  struct Means {
    EventCatalog& catalog;
    KeyMemory& keys;
    const CustomerRows* customer_rows = nullptr;
    const FoundOut& found;
  };
  Appending(store::Unit& unit, const Origin& origin, const PreparedEvents& events, Means means);

  // The source is looked up by the log, once it is known that anything is written.
  [[nodiscard]] base::Result<Appended, AppendError> run(
      const std::function<std::int64_t(std::string_view)>& source_id);

 private:
  struct Draft {
    base::Moment time;
    std::optional<base::Moment> sent;
    bool repeated = false;
  };

  std::optional<AppendError> check() const;
  void draft();
  bool whole_is_known();
  void find_known_keys();
  void expect_foreseen() const;
  void find_known_rows();
  void mark_known_rows(std::span<const std::size_t> indexes);
  std::vector<std::size_t> first_of_shapes() const;
  std::optional<AppendError> register_names();
  std::optional<AppendError> cover_batch();
  void find_types();
  void write_rows(std::int64_t source);
  void write_lists(std::int64_t source);
  void count_wrong_values();
  Appended answer();

  base::CustomerId customer_of(std::size_t index) const { return means_.found.customers[index]; }
  const EventType* type_of(std::size_t index) const { return shape_types_[events_[index].shape]; }

  store::Unit& unit_;
  const Origin& origin_;
  const std::span<const EventShape> shapes_;
  const std::span<const PreparedEvent> events_;
  Means means_;
  std::vector<Draft> drafts_;
  std::vector<Position> positions_;  // one per event, used or not
  std::vector<Position> repeats_of_;
  std::shared_ptr<const EventTypes> types_;
  std::vector<const EventType*> shape_types_;  // of types_, one per shape; null: not known
  std::int64_t written_ = 0;
  Position last_;
  std::optional<Position> whole_known_;
};

}  // namespace event_log
