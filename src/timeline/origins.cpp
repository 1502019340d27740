#include "timeline/origins.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace timeline {
namespace {

// One entry of an image, before the bytes of its name.
struct EntryHead {
  std::int64_t source = 0;
  std::int64_t batch = 0;  // 0: none
  std::uint64_t name_bytes = 0;
};

std::pair<std::optional<base::BatchId>, std::int64_t> key_of(const Origin& origin) {
  return {origin.batch, origin.source};
}

}  // namespace

std::vector<OriginNumber>::const_iterator Origins::place_of(const Origin& origin) const {
  return std::ranges::lower_bound(by_batch_, key_of(origin), {}, [this](OriginNumber number) {
    return key_of(entries_[number].origin);
  });
}

std::optional<OriginNumber> Origins::find(const Origin& origin) const {
  const auto place = place_of(origin);
  if (place == by_batch_.end() || entries_[*place].origin != origin) return std::nullopt;
  return *place;
}

std::vector<OriginNumber> Origins::of_batch(base::BatchId batch) const {
  const auto found = std::ranges::equal_range(
      by_batch_, std::optional(batch), {},
      [this](OriginNumber number) { return entries_[number].origin.batch; });
  return {found.begin(), found.end()};
}

bool Origins::add(const Origin& origin, std::string_view source_name) {
  const auto place = place_of(origin);
  if (place != by_batch_.end() && entries_[*place].origin == origin) return false;
  by_batch_.insert(place, static_cast<OriginNumber>(entries_.size()));
  entries_.push_back({origin, std::make_shared<const std::string>(source_name)});
  return true;
}

std::shared_ptr<const Origins> Origins::with(const Origin& origin,
                                             std::string_view source_name) const {
  auto more = std::make_shared<Origins>(*this);
  CHECK(more->add(origin, source_name));
  return more;
}

std::vector<std::byte> Origins::image() const {
  std::vector<std::byte> image;
  const auto append = [&image](const void* data, std::size_t bytes) {
    const auto* first = static_cast<const std::byte*>(data);
    image.insert(image.end(), first, first + bytes);
  };
  for (const Entry& entry : entries_) {
    const EntryHead head{entry.origin.source, entry.origin.batch.value_or(base::BatchId{}).value,
                         entry.name->size()};
    append(&head, sizeof head);
    append(entry.name->data(), entry.name->size());
  }
  return image;
}

std::shared_ptr<const Origins> Origins::read(std::span<const std::byte> image) {
  auto origins = std::make_shared<Origins>();
  while (!image.empty()) {
    EntryHead head;
    if (image.size() < sizeof head) return nullptr;
    std::memcpy(&head, image.data(), sizeof head);
    image = image.subspan(sizeof head);
    if (head.name_bytes > image.size()) return nullptr;
    const std::string_view name(reinterpret_cast<const char*>(image.data()), head.name_bytes);
    Origin origin{head.source, std::nullopt};
    if (head.batch != 0) origin.batch = base::BatchId{head.batch};
    if (!origins->add(origin, name)) return nullptr;
    image = image.subspan(head.name_bytes);
  }
  return origins;
}

}  // namespace timeline
