// Some rows of a file of events, ready for one unit.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "intake/import.h"
#include "log/event_type.h"
#include "log/prepared_events.h"

namespace intake {

struct HashOfText {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
using IndexByText = std::unordered_map<std::string, std::uint32_t, HashOfText, std::equal_to<>>;

struct EventChunk {
  struct Row {
    std::int64_t line = 0;
    std::uint32_t customer = 0;  // index into customers
  };

  event_log::PreparedEvents events;
  std::vector<Row> rows;               // one per event
  std::vector<std::string> customers;  // keys, each once
  // Of each shape the properties the catalog did not have when the import began.
  std::vector<std::vector<event_log::TypedName>> unseen;

  std::vector<LeftOut> left_out;
  // Rows that are known without asking the log, and those of a dry run whose key stood above; they
  // are not among rows.
  std::int64_t repeated = 0;
  std::int64_t wrong_types = 0;      // properties kept raw
  std::int64_t rows_of_seconds = 0;  // whose time is a number of a few days after 1970
  std::uint64_t bytes_read = 0;      // of the file, behind the last of these rows

  // Where texts stand in `customers` and what rows look like in `events.shapes`.
  IndexByText customer_indexes;
  IndexByText shape_indexes;

  bool is_empty() const { return rows.empty() && left_out.empty() && repeated == 0; }

  // Takes out the rows that are concerned, and answers them.
  std::vector<Row> take_out(const std::function<bool(std::size_t index)>& concerned);

  std::uint32_t index_of_customer(std::string_view key) {
    const auto known = customer_indexes.find(key);
    if (known != customer_indexes.end()) return known->second;
    const auto next = static_cast<std::uint32_t>(customers.size());
    customers.emplace_back(key);
    return customer_indexes.emplace(key, next).first->second;
  }
};

}  // namespace intake
