// Where events came from, numbered: a pair of source and import batch is one number, and a column
// of them takes few bits.
//
// Immutable; a new picture is made when the log names another pair, so a pin's stays as it is.
// Making one takes time in the number of pairs (some 5 ns each), finding the logarithm of it.
// Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "timeline/rows.h"

namespace timeline {

struct Origin {
  std::int64_t source = 0;  // event_log::Log::source_name
  std::optional<base::BatchId> batch;
  friend auto operator<=>(const Origin&, const Origin&) = default;
};

class Origins {
 public:
  std::size_t size() const { return entries_.size(); }
  const Origin& of(OriginNumber number) const { return entries_[number].origin; }
  std::string_view source_name(OriginNumber number) const { return *entries_[number].name; }
  std::optional<OriginNumber> find(const Origin& origin) const;
  // Of every source that wrote in this batch.
  std::vector<OriginNumber> of_batch(base::BatchId batch) const;
  // The same with one more; its number is size(). Requires !find(origin).
  std::shared_ptr<const Origins> with(const Origin& origin, std::string_view source_name) const;

  // For snapshots.
  std::vector<std::byte> image() const;
  // Null: the bytes are damaged.
  static std::shared_ptr<const Origins> read(std::span<const std::byte> image);

 private:
  struct Entry {
    Origin origin;
    std::shared_ptr<const std::string> name;
  };
  // False: it is there already.
  bool add(const Origin& origin, std::string_view source_name);
  // Where `origin` stands in by_batch_, or would.
  std::vector<OriginNumber>::const_iterator place_of(const Origin& origin) const;

  std::vector<Entry> entries_;
  std::vector<OriginNumber> by_batch_;  // sorted by (batch, source), those without batch first
};

}  // namespace timeline
