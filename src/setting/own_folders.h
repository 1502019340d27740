// Folders below the data folder in which the program keeps other things, and which it makes and
// empties by itself: no setting names them for anything else.
#pragma once

#include <array>
#include <string_view>

namespace setting {

inline constexpr std::array<std::string_view, 2> kOwnFolders = {"uploads", "demo"};

}  // namespace setting
