// What a call answers when its caller can act on the failure. The only file that names
// tl::expected; with GCC 13 it becomes two std:: lines.
//
// tl::expected is not [[nodiscard]] and does not check `*` on an error, so every function that
// returns a Result carries [[nodiscard]], and `*r` follows `if (!r) return ...;`.
#pragma once

#include <tl/expected.hpp>

namespace base {

template <typename Value, typename Error>
using Result = tl::expected<Value, Error>;
using tl::unexpected;

}  // namespace base
