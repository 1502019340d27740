// An event's properties as few bytes, while the event waits in a delta.
//
//   how many, then for each: id, type, value      numbers as variable-length integers of 7 bits a
//                                                 byte, texts as length and bytes
//
// An event of four short properties takes some 20 bytes, where KnownProperty takes 200. The bytes
// are the process's own: reading does not check them. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "log/event.h"

namespace timeline {

// Appended to `bytes`.
void write_properties(std::span<const event_log::KnownProperty> properties,
                      std::vector<std::byte>& bytes);
// Appended to `properties`; how many. `bytes` is where write_properties() began.
std::size_t read_properties(const std::byte* bytes,
                            std::vector<event_log::KnownProperty>& properties);

}  // namespace timeline
