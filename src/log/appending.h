// One call of Log::append: from what was given to rows in the caller's unit.
//
//   check → positions → whose keys and rows are known already → names registered → rows written
//
// Lives inside that call.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
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
    const Repeats* foreseen = nullptr;  // what find_repeats saw in this unit; null: nobody asked
  };
  Appending(store::Unit& unit, const Origin& origin, std::span<const NewEvent> events, Means means);

  // The source is looked up by the log, once it is known that anything is written.
  [[nodiscard]] base::Result<Appended, AppendError> run(
      const std::function<std::int64_t(std::string_view)>& source_id);

 private:
  struct Draft {
    base::Moment time;
    std::optional<base::Moment> sent;
    std::string properties;  // as stored
    const EventType* type = nullptr;
    bool repeated = false;
  };

  std::optional<AppendError> check() const;
  void draft();
  bool whole_is_known();
  void find_known_keys();
  void expect_foreseen() const;
  void find_known_rows();
  void mark_known_rows(std::span<const std::size_t> indexes);
  std::optional<AppendError> register_names();
  std::optional<AppendError> cover_batch();
  void write_rows(std::int64_t source);
  void count_wrong_values();
  Appended answer();

  store::Unit& unit_;
  const Origin& origin_;
  const std::span<const NewEvent> events_;
  Means means_;
  std::vector<Draft> drafts_;
  std::vector<Position> positions_;  // one per event, used or not
  std::vector<Position> repeats_of_;
  std::shared_ptr<const EventTypes> types_;
  std::int64_t written_ = 0;
  Position last_;
  std::optional<Position> whole_known_;
};

}  // namespace event_log
