// Any bytes put over those of a sound snapshot, with all sums made right again: it is refused, or
// everything in it can be read (what it says may be nonsense: that is what the sums are for).
//
// Input: four bytes for each byte that is changed, three of place and one of change (by exclusive
// or); what is left over cuts that many bytes off the last part.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "base/check.h"
#include "customer/attribute.h"
#include "timeline/snapshot.h"
#include "timeline/snapshot_form.h"
#include "timeline/test_rows.h"

// Where the module of customers would be, which this program does without: nothing here asks a
// database, and attributes are texts.
std::vector<customer::Attribute> customer::attributes(store::Session&) { base::unreachable(); }
std::optional<base::Value> customer::value_from(base::ValueType, std::string_view text) {
  return base::Value(std::string(text));
}

namespace {

using namespace timeline;

struct alignas(kPartAlignment) Line {
  std::array<std::byte, kPartAlignment> bytes;
};

// A file in memory, grown by whole lines.
class File {
 public:
  std::span<std::byte> all() { return std::as_writable_bytes(std::span(lines_)).first(size_); }
  std::size_t size() const { return size_; }
  void append(std::span<const std::byte> bytes) {
    const std::size_t at = size_;
    size_ += bytes.size();
    lines_.resize((size_ + kPartAlignment - 1) / kPartAlignment);
    std::ranges::copy(bytes, all().begin() + static_cast<std::ptrdiff_t>(at));
  }
  void fill_line() { size_ = lines_.size() * kPartAlignment; }

 private:
  std::vector<Line> lines_;
  std::size_t size_ = 0;
};

struct Sound {
  File file;  // up to the table
  SnapshotHeader header;
  std::vector<PartLine> table;
};

void add_part(Sound& sound, PartKind kind, std::span<const std::byte> bytes) {
  sound.table.push_back({kind, sound.file.size(), bytes.size(), 0});
  sound.file.append(bytes);
  sound.file.fill_line();
}

// Person by person a few events of all kinds.
Rows some_rows(std::int64_t first_person) {
  Rows rows;
  for (std::int64_t person = first_person; person < first_person + 40; ++person) {
    rows.rows.push_back(
        {{person}, {1000 + person}, static_cast<std::uint32_t>(rows.events.size()), 4});
    const auto add = [&](base::EventTypeId type, std::vector<event_log::KnownProperty> properties) {
      const auto slot = static_cast<Slot>(4 * (person - 1) + std::ssize(rows.events) % 4);
      rows.events.push_back({type,
                             {2000 + 10 * static_cast<std::int64_t>(slot)},
                             slot,
                             static_cast<OriginNumber>(person % 2),
                             static_cast<std::uint32_t>(rows.properties.size()),
                             static_cast<std::uint32_t>(properties.size())});
      std::ranges::move(properties, std::back_inserter(rows.properties));
    };
    add(kPaid, {{kItems, base::Value(person)},
                {kAmount, base::Value(base::Money{person * 100})},
                {kSku, base::Value("sku-" + std::to_string(person % 7))}});
    add(kViewed, {{kPage, base::Value(std::string("page"))}});
    add(change_event(person % 3 == 0 ? "tag_removed" : "tag_added"),
        {ref_of(change_event(person % 3 == 0 ? "tag_removed" : "tag_added"), 1 + person % 4)});
    add(change_event("attribute_changed"), {ref_of(change_event("attribute_changed"), 4),
                                            to_of(change_event("attribute_changed"), "30")});
  }
  return rows;
}

Sound make_sound() {
  Sound sound;
  sound.file.append(std::array<std::byte, kHeaderBytes>{});
  for (const std::int64_t first : {1, 41}) {
    add_part(sound, PartKind::block, write_block(some_rows(first), *test_changes()));
  }
  std::vector<CustomerLine> customers;
  for (std::uint32_t person = 1; person <= 80; ++person) {
    const std::uint32_t at = person - 1;
    customers.push_back({person, 0, at / 40 * std::uint32_t{kBlockRows} + at % 40});
  }
  add_part(sound, PartKind::customers, std::as_bytes(std::span(customers)));
  SlotPositions positions;
  for (std::int64_t slot = 0; slot < 320; ++slot) positions.add({1, slot / 3, slot * 2});
  std::vector<std::byte> image;
  positions.write_image(320, [&](std::span<const std::byte> piece) {
    image.insert(image.end(), piece.begin(), piece.end());
  });
  add_part(sound, PartKind::positions, image);
  const auto origins = Origins().with({1, {}}, "api")->with({2, base::BatchId{9}}, "csv a.csv");
  add_part(sound, PartKind::origins, origins->image());
  sound.header.version = kSnapshotVersion;
  sound.header.persons = 80;
  sound.header.events = 320;
  sound.header.parts = sound.table.size();
  sound.header.table_offset = sound.file.size();
  return sound;
}

// Ends the file with its table and begins it with its header, all sums right.
void seal(Sound& sound) {
  for (PartLine& line : sound.table) {
    const std::size_t end = (line.offset + line.bytes + kPartAlignment - 1) / kPartAlignment;
    line.sum = sum_of(sound.file.all().subspan(line.offset, end * kPartAlignment - line.offset));
  }
  sound.header.table_sum = sum_of(std::as_bytes(std::span(sound.table)));
  sound.file.append(std::as_bytes(std::span(sound.table)));
  std::ranges::copy(header_page(sound.header), sound.file.all().begin());
}

void read_everything(const Snapshot& snapshot) {
  for (const auto& block : snapshot.blocks) {
    Rows rows;
    block->persons().each([&](std::size_t row) { block->read_row(row, rows); });
    for (const auto key : block->memberships()) (void)block->membership(key)->holding({5000});
    for (const auto attribute : block->attributes()) {
      const Stream& stream = *block->attribute(attribute);
      for (std::uint32_t entry = 0; entry < stream.size(); ++entry) (void)stream.time(entry);
    }
  }
  for (const auto& [customer, place] : snapshot.customers) {
    CHECK(snapshot.blocks[place.block]->persons().has(place.row));
  }
  const std::size_t slots = std::min<std::size_t>(snapshot.positions->size(), 1000);
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const auto position = snapshot.positions->position_of(static_cast<Slot>(slot));
    CHECK(snapshot.positions->at_or_after(position) == slot);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Sound kSound = make_sound();
  Sound sound = kSound;
  const std::size_t room = sound.file.size() - kHeaderBytes;
  for (; size >= 4; data += 4, size -= 4) {
    const std::size_t at =
        (std::size_t{data[0]} << 16 | std::size_t{data[1]} << 8 | data[2]) % room;
    sound.file.all()[kHeaderBytes + at] ^= std::byte{data[3]};
  }
  sound.table.back().bytes -= std::min<std::size_t>(size, sound.table.back().bytes);
  seal(sound);
  base::WorkPool nobody(0);
  const auto fits = [](const LogMark&) { return std::nullopt; };
  const auto snapshot = read_snapshot(sound.file.all(), nullptr, fits, nobody);
  if (snapshot) read_everything(*snapshot);
  return 0;
}
