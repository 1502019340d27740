// Where events came from, numbered: a pair of source and import batch is one number, and a column
// of them takes few bits.
//
// Immutable; a new picture is made when the log names another pair, so a pin's stays as it is.
// Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
  std::string_view source_name(OriginNumber number) const { return entries_[number].name; }
  std::optional<OriginNumber> find(const Origin& origin) const;
  // Of every source that wrote in this batch.
  std::vector<OriginNumber> of_batch(base::BatchId batch) const;
  // The same with one more; its number is size().
  std::shared_ptr<const Origins> with(const Origin& origin, std::string_view source_name) const;

 private:
  struct Entry {
    Origin origin;
    std::string name;
  };
  std::vector<Entry> entries_;
};

}  // namespace timeline
