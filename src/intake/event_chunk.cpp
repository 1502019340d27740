#include "intake/event_chunk.h"

#include <utility>

namespace intake {

std::vector<EventChunk::Row> EventChunk::take_out(
    const std::function<bool(std::size_t index)>& concerned) {
  std::vector<bool> goes(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) goes[i] = concerned(i);
  std::vector<Row> taken;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (goes[i]) {
      taken.push_back(rows[i]);
      continue;
    }
    if (kept != i) {
      rows[kept] = rows[i];
      events.events[kept] = std::move(events.events[i]);
    }
    ++kept;
  }
  rows.resize(kept);
  events.events.resize(kept);
  return taken;
}

}  // namespace intake
