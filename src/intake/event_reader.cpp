#include "intake/event_reader.h"

#include <utility>

namespace intake {

EventChunk EventReader::next() {
  EventChunk chunk;
  const auto is_full = [&] {
    const std::size_t others = chunk.left_out.size() + static_cast<std::size_t>(chunk.repeated);
    return chunk.rows.size() >= kEventRowsAtOnce || others >= kEventRowsAtOnce;
  };
  while (!is_full() && table_.next(row_)) {
    if (row_.is_known) {
      ++chunk.repeated;
      continue;
    }
    auto read = columns_.read({table_, row_, options_.zone}, options_.now, chunk);
    if (read) {
      count(chunk);
    } else {
      chunk.left_out.push_back(std::move(read.error()));
    }
  }
  chunk.bytes_read = table_.bytes_read();
  return chunk;
}

// The row that was added last.
void EventReader::count(EventChunk& chunk) {
  event_log::PreparedEvent& event = chunk.events.events.back();
  const bool key_again = event.key && !keys_seen_.insert(*event.key).second;
  // A dry run writes nothing that could make a later row with the same key known.
  if (options_.dry_run && key_again) {
    ++chunk.repeated;
    chunk.events.events.pop_back();
    chunk.rows.pop_back();
    return;
  }
  // Equal rows of one file, with a key or without, are told apart before it is known who their
  // customers are. One whose key stood above is the same row once more.
  if (key_again) return;
  const std::string& customer = chunk.customers[chunk.rows.back().customer];
  event.ordinal =
      ordinals_.next({customer, chunk.events.name_of(event), event.time, event.properties});
}

}  // namespace intake
