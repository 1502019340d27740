// The attributes and memberships of a block that is being written: what the changes of its rows
// come to.
//
// One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "timeline/change.h"
#include "timeline/standing.h"
#include "timeline/stream_rows.h"

namespace timeline {

class BlockChanges {
 public:
  // Row after row, in each in the order (time, slot).
  void add(std::uint32_t row, base::Moment time, Change change);
  // Once, when all have come.
  void derive(const ChangeTypes& types);

  std::size_t attributes() const { return attribute_streams_.size(); }
  std::size_t memberships() const { return membership_streams_.size(); }
  void write(ImageWriter& image) const;

 private:
  struct AttributeEntry {
    base::AttributeId attribute;
    std::uint32_t row = 0;
    AttributeChange change;
  };
  struct MembershipEntry {
    MembershipKey key;
    std::uint32_t row = 0;
    Switch change;
  };
  struct AttributeStream {
    base::AttributeId attribute;
    base::ValueType type = base::ValueType::text;
    StreamRows rows;
    std::vector<AttributeChange> changes;
  };
  struct MembershipStream {
    MembershipKey key;
    StreamRows rows;
    std::vector<Span> spans;
  };
  static void write(const AttributeStream& stream, ImageWriter& image);
  static void write(const MembershipStream& stream, ImageWriter& image);

  std::vector<AttributeEntry> attribute_entries_;
  std::vector<MembershipEntry> membership_entries_;
  std::vector<AttributeStream> attribute_streams_;    // by id
  std::vector<MembershipStream> membership_streams_;  // by key
};

}  // namespace timeline
