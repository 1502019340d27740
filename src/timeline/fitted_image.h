// One run of fitted values in memory, and as the rows of bytes the database holds.
//
// A chunk, little-endian:
//   u32 1 (the form), u32 persons, u32 columns
//   for the ids and then for each column: i64 base, i64 scale, u32 size, u32 width
//   (PackedInts::Form) the packed values of each, in the same order; raw 0 of a column is an
//   unknown value
//
// Immutable; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "timeline/fitted_attribute.h"
#include "timeline/packed_ints.h"

namespace timeline {

// Rows in ascending order of customers; kNoFittedValue where a value is unknown.
struct FittedTable {
  std::vector<base::CustomerId> customers;
  std::vector<std::vector<std::int64_t>> columns;
  // Takes these customers out; how many there were. `gone` ascending.
  std::size_t remove(std::span<const base::CustomerId> gone);
};

// What the columns of a run are. As text "6:;9:lost|loyal|;".
struct FittedForm {
  struct Column {
    FittedAttribute attribute;
    std::vector<std::string> texts;
    friend bool operator==(const Column&, const Column&) = default;
  };
  std::vector<Column> columns;
  std::optional<std::size_t> place_of(FittedAttribute attribute) const;
  friend bool operator==(const FittedForm&, const FittedForm&) = default;
};
std::string text_of(const FittedForm& form);
std::optional<FittedForm> form_from(std::string_view text);

// Requires at least one row.
std::string chunk_of(const FittedTable& rows);
// Nothing: damaged.
std::optional<FittedTable> read_chunk(std::string_view bytes, std::size_t columns);

class FittedImage {
 public:
  FittedImage(const FittedTable& rows, FittedForm form);

  const FittedForm& form() const { return form_; }
  std::size_t size() const { return customers_.size(); }
  std::size_t bytes() const;
  std::int64_t number_of(base::CustomerId customer, std::size_t column) const;
  // All of it again.
  FittedTable table() const;

 private:
  struct Packed {
    std::vector<std::byte> bytes;
    PackedInts values;
    std::int64_t number_at(std::size_t row) const;
  };
  std::optional<std::size_t> row_of(base::CustomerId customer) const;

  FittedForm form_;
  std::vector<std::int64_t> customers_;
  // Where those whose id, less the first one, begins with these bits begin: ids are mostly spread
  // evenly, so that a few are looked at.
  std::vector<std::uint32_t> begins_;
  unsigned shift_ = 0;
  std::vector<Packed> columns_;
};

}  // namespace timeline
