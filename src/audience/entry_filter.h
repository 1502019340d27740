// The filter of a step (`where`, `with`) over the entries of a stream: 64 entries at once.
//
// Made once a question, opened for each block. One thread at a time; borrows the filter, the zone,
// and between open() and the next the stream and the origins.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/code_truth.h"
#include "audience/rule.h"
#include "base/calendar.h"
#include "timeline/block.h"
#include "timeline/origins.h"

namespace audience {

inline constexpr unsigned kChunk = 64;

// Bits [0, count); count ≤ 64.
inline std::uint64_t first_bits(unsigned count) {
  return count == 0 ? 0 : ~std::uint64_t{0} >> (kChunk - count);
}

class EntryFilter {
 public:
  // Null: everything passes.
  EntryFilter(const Node* filter, const base::Zone& zone);

  bool passes_all() const { return parts_.empty(); }
  void open(const timeline::Stream& stream, const timeline::Origins& origins);
  // Bit i: whether entry begin + i passes. `count` ≤ 64.
  std::uint64_t passing(std::uint32_t begin, unsigned count);
  bool passes(std::uint32_t entry) { return passing(entry, 1) != 0; }
  // What one entry takes in the columns that are looked at; of the stream last opened.
  double bytes_per_entry() const { return bytes_per_entry_; }

 private:
  enum class Kind : std::uint8_t { all, any, none_of, test };
  struct Part {
    Kind kind = Kind::test;
    std::vector<std::size_t> parts;  // of all, any, none_of
    const Subject* subject = nullptr;
    std::optional<ValueTruth> test;
    CodeTruth codes;                             // of a property
    std::array<bool, 24> of_number{};            // of local_hour and local_weekday
    std::unordered_map<std::string, bool> seen;  // of source
  };
  std::size_t add(const Node& node);
  std::uint64_t passing(Part& part, std::uint32_t begin, std::uint64_t wanted);
  std::uint64_t passing_test(Part& part, std::uint32_t begin, std::uint64_t wanted);
  bool field_passes(Part& part, std::uint32_t entry);
  bool source_passes(Part& part, std::string_view name);

  const base::Zone* zone_;
  std::vector<Part> parts_;  // a part stands behind its own parts; the last is the whole filter
  const timeline::Stream* stream_ = nullptr;
  const timeline::Origins* origins_ = nullptr;
  double bytes_per_entry_ = 0;
};

}  // namespace audience
