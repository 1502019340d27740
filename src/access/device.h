// What somebody signs in from, in few words, told from the header User-Agent: "Chrome · Windows".
//
// Told by their sender, so worth what a hint is worth. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rights {

inline constexpr std::size_t kDeviceCharactersMax = 80;

// Browser and system where both are known, one of them where one is; else the header itself, its
// printable ASCII, cut at kDeviceCharactersMax; "" for none.
std::string device_of(std::string_view user_agent);

}  // namespace rights
