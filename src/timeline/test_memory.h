// For tests: a memory made by a seed, what it holds as text, and its snapshot.
//
// A TestMemory of n events is that of n + 1 events without its last, as a log that goes on.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "timeline/column_store.h"
#include "timeline/snapshot.h"
#include "timeline/test_rows.h"

namespace timeline {

using Customers = std::vector<std::pair<base::CustomerId, Pin::Place>>;

class TestMemory {
 public:
  explicit TestMemory(std::uint32_t seed) : random_(seed) {
    add_origin("api", {});
    add_origin("csv orders.csv", {9});
    store_.set_origins(origins_);
    store_.publish({});
  }

  // Some known persons' and some new ones' events, published together.
  void live(int events) {
    for (; events > 0; --events) add_event();
    store_.publish(position_);
  }
  // Two persons become one row.
  void merge(base::CustomerId person, base::CustomerId other) {
    const Pin pin = store_.pin();
    Replacement replacement;
    replacement.gone = {person, other};
    const auto place = pin.place_of(person);
    const auto other_place = pin.place_of(other);
    Rows rows;
    pin.read_row(place->block, place->row, rows);
    pin.read_row(other_place->block, other_place->row, rows);
    rows.rows = {{person, std::min(rows.rows[0].created_at, rows.rows[1].created_at), 0,
                  static_cast<std::uint32_t>(rows.events.size())}};
    std::ranges::sort(rows.events, {},
                      [](const RowEvent& event) { return std::pair(event.time, event.slot); });
    replacement.rows = std::move(rows);
    for (const auto& [customer, at] : store_.customers(pin)) {
      if ((at.block == place->block && at.row == place->row) ||
          (at.block == other_place->block && at.row == other_place->row)) {
        replacement.members.emplace_back(customer, person);
      }
    }
    store_.replace(replacement);
    ++position_.transaction;
    store_.publish(position_);
  }
  void fold_all() {
    for (const std::size_t block : store_.changed_blocks(1)) store_.fold(block);
  }

  ColumnStore& store() { return store_; }
  SlotPositions& positions() { return positions_; }
  const std::shared_ptr<const Origins>& origins() const { return origins_; }
  LogMark mark() const {
    const auto number = static_cast<std::uint64_t>(position_.sequence);
    return {"log-1", position_, number * 7 + 1, number * 5 + 2};
  }
  base::CustomerId random_person() {
    return {1 + static_cast<std::int64_t>(random_() % static_cast<std::uint32_t>(people_))};
  }
  std::int64_t people() const { return people_; }

  [[nodiscard]] base::Result<std::uint64_t, WriteFault> write(const SnapshotPlace& place) {
    const Pin pin = store_.pin();
    return write(place, pin, mark());
  }
  [[nodiscard]] base::Result<std::uint64_t, WriteFault> write(const SnapshotPlace& place,
                                                              const Pin& pin, const LogMark& mark) {
    const Customers customers = store_.customers(pin);
    return write_snapshot(place, {mark, pin, customers, positions_, *test_changes()});
  }

 private:
  void add_origin(std::string_view name, base::BatchId batch) {
    Origin origin{static_cast<std::int64_t>(origins_->size()) + 1, std::nullopt};
    if (batch) origin.batch = batch;
    origins_ = origins_->with(origin, name);
  }
  std::int64_t up_to(std::int64_t most) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most + 1));
  }
  void add_event() {
    if (people_ == 0 || (people_ < kPeopleMax && up_to(3) == 0)) {
      store_.add_person({++people_}, base::Moment{up_to(1'000'000)});
    }
    if (up_to(9) == 0) ++position_.transaction;
    ++position_.sequence;
    RowEvent event;
    event.time = {1'000'000 + up_to(100'000'000)};
    event.slot = positions_.add(position_);
    event.origin = static_cast<OriginNumber>(up_to(1));
    std::vector<event_log::KnownProperty> properties;
    switch (up_to(4)) {
      case 0:
        event.type = kPaid;
        properties = {{kItems, base::Value(up_to(9))},
                      {kAmount, base::Value(base::Money{up_to(99'999)})},
                      {kSku, base::Value(fmt::format("sku-{}", up_to(50)))}};
        break;
      case 1:
        event.type = kViewed;
        properties = {{kPage, base::Value(fmt::format("page-{}", up_to(20)))}};
        break;
      case 2:
        event.type = change_event(up_to(1) == 0 ? "tag_added" : "tag_removed");
        properties = {ref_of(event.type, 1 + up_to(3))};
        break;
      case 3:
        event.type = change_event("attribute_changed");
        properties = {ref_of(event.type, 1), to_of(event.type, std::to_string(up_to(99)))};
        break;
      default:
        event.type = kOpened;
        break;
    }
    store_.add(random_person(), event, properties);
  }

  // More than a block has; then events come to those who are there.
  static constexpr std::int64_t kPeopleMax = 1300;

  std::mt19937 random_;
  std::shared_ptr<const Origins> origins_ = std::make_shared<const Origins>();
  ColumnStore store_{test_changes()};
  SlotPositions positions_;
  event_log::Position position_;
  std::int64_t people_ = 0;  // customers 1 to people_
};

// Everything a pin holds, and who stands where.
inline std::string told(const Pin& pin, const Customers& customers) {
  std::string text = fmt::format("{} persons, {} events", pin.persons(), pin.events());
  for (std::size_t block = 0; block < pin.blocks(); ++block) {
    pin.rows(block).each([&](std::size_t row) {
      Rows rows;
      pin.read_row(block, row, rows);
      text += fmt::format("\n{} in {} {} since {}:", rows.rows[0].person.value, block, row,
                          rows.rows[0].created_at.ms);
      for (const RowEvent& event : rows.events) {
        text +=
            fmt::format(" {}@{} {} {}", event.type.value, event.time.ms, event.slot, event.origin);
        for (std::uint32_t i = 0; i < event.property_count; ++i) {
          const auto& property = rows.properties[event.first_property + i];
          text += fmt::format(" {}={}", property.id.value, base::to_text(property.value));
        }
      }
    });
  }
  for (const auto& [customer, place] : customers) {
    text += fmt::format("\n{} is in {} {}", customer.value, place.block, place.row);
  }
  return text;
}
inline std::string told(ColumnStore& store) {
  const Pin pin = store.pin();
  return told(pin, store.customers(pin));
}
// Over a log in which every mark is a point.
[[nodiscard]] inline base::Result<Snapshot, SnapshotFault> open_snapshot(const std::string& path) {
  base::WorkPool pool(1);
  return open_snapshot(path, [](const LogMark&) { return std::nullopt; }, pool);
}
// As a program that starts would have it.
inline std::string told(const Snapshot& snapshot) {
  ColumnStore store(test_changes());
  store.set_origins(snapshot.origins);
  store.load(snapshot.blocks, snapshot.customers, snapshot.mark.position);
  return told(store);
}

}  // namespace timeline
