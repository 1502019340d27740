#include "audience/entry_filter.h"

#include <bit>
#include <variant>

#include "audience/compare.h"
#include "base/check.h"

namespace audience {

using base::Value;
using timeline::Stream;
using timeline::ValueColumn;

EntryFilter::EntryFilter(const Node* filter, const base::Zone& zone) : zone_(&zone) {
  if (filter != nullptr) add(*filter);
}

std::size_t EntryFilter::add(const Node& node) {
  Part part;
  if (const auto* all = std::get_if<And>(&node.form)) {
    part.kind = Kind::all;
    for (const Node& each : all->parts) part.parts.push_back(add(each));
  } else if (const auto* any = std::get_if<Or>(&node.form)) {
    part.kind = Kind::any;
    for (const Node& each : any->parts) part.parts.push_back(add(each));
  } else if (const auto* no = std::get_if<Not>(&node.form)) {
    part.kind = Kind::none_of;
    part.parts.push_back(add(*no->part));
  } else {
    part.subject = subject_of(node);
    CHECK(part.subject != nullptr);  // bind() lets nothing else into a filter
    part.test.emplace(node, *zone_, std::nullopt);
    const bool number = part.subject->field == EventField::local_hour ||
                        part.subject->field == EventField::local_weekday;
    for (std::size_t i = 0; number && i < part.of_number.size(); ++i) {
      const Value value(static_cast<std::int64_t>(i));
      part.of_number[i] = part.test->of(&value);
    }
  }
  parts_.push_back(std::move(part));
  return parts_.size() - 1;
}

void EntryFilter::open(const Stream& stream, const timeline::Origins& origins) {
  stream_ = &stream;
  origins_ = &origins;
  bytes_per_entry_ = 0;
  for (Part& part : parts_) {
    if (part.kind != Kind::test || part.subject->field != EventField::none) continue;
    const ValueColumn* column = stream.column(part.subject->property);
    part.codes.open(*part.test, column);
    if (column != nullptr && stream.size() > 0) {
      bytes_per_entry_ += static_cast<double>(column->bytes()) / stream.size();
    }
  }
}

std::uint64_t EntryFilter::passing(std::uint32_t begin, unsigned count) {
  if (parts_.empty()) return first_bits(count);
  return passing(parts_.back(), begin, first_bits(count));
}

std::uint64_t EntryFilter::passing(Part& part, std::uint32_t begin, std::uint64_t wanted) {
  switch (part.kind) {
    case Kind::all:
      for (const std::size_t each : part.parts) {
        if (wanted == 0) break;
        wanted = passing(parts_[each], begin, wanted);
      }
      return wanted;
    case Kind::any: {
      std::uint64_t found = 0;
      for (const std::size_t each : part.parts) {
        if (found == wanted) break;
        found |= passing(parts_[each], begin, wanted & ~found);
      }
      return found;
    }
    case Kind::none_of:
      return wanted & ~passing(parts_[part.parts.front()], begin, wanted);
    case Kind::test:
      return passing_test(part, begin, wanted);
  }
  base::unreachable();
}

std::uint64_t EntryFilter::passing_test(Part& part, std::uint32_t begin, std::uint64_t wanted) {
  if (wanted == 0) return 0;
  if (part.subject->field == EventField::none) {
    const auto skipped = static_cast<unsigned>(std::countr_zero(wanted));
    const auto count = static_cast<unsigned>(std::bit_width(wanted)) - skipped;
    return (part.codes.of_entries(begin + skipped, count) << skipped) & wanted;
  }
  std::uint64_t found = 0;
  for (std::uint64_t left = wanted; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    found |= std::uint64_t{field_passes(part, begin + i)} << i;
  }
  return found;
}

bool EntryFilter::field_passes(Part& part, std::uint32_t entry) {
  switch (part.subject->field) {
    case EventField::source:
      return source_passes(part, origins_->source_name(stream_->origin(entry)));
    case EventField::local_hour:
      return part.of_number[static_cast<std::size_t>(zone_->hour_of(stream_->time(entry)))];
    case EventField::local_weekday:
      return part.of_number[static_cast<std::size_t>(zone_->weekday_of(stream_->time(entry)))];
    case EventField::none:
      break;
  }
  base::unreachable();
}

bool EntryFilter::source_passes(Part& part, std::string_view name) {
  auto found = part.seen.find(std::string(name));
  if (found == part.seen.end()) {
    const Value value{std::string(name)};
    found = part.seen.emplace(std::string(name), part.test->of(&value)).first;
  }
  return found->second;
}

}  // namespace audience
