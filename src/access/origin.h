// Origins as browsers send them: "https://shop.example.com", "http://localhost:3000". Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rights {

inline constexpr std::size_t kOriginBytesMax = 260;
inline constexpr std::size_t kOriginsMax = 20;  // of one key

// In the spelling of browsers: lower case, without the scheme's own port, without a path. Nothing
// for what is no origin: other schemes than http and https, "*", "null", a name that is none.
std::optional<std::string> origin_from(std::string_view text);

// "https://a.example https://b.example", and back.
std::string joined(const std::vector<std::string>& origins);
std::vector<std::string> origins_from(std::string_view text);

}  // namespace rights
