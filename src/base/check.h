// CHECK(condition): our own bugs, on in release. Prints file, line and condition and aborts: a
// stopped process is better than a wrong ledger. Never on what a user or a file can cause.
#pragma once

namespace base {

[[noreturn]] void check_failed(const char* file, int line, const char* condition);

// After a switch that names every enumerator.
[[noreturn]] void unreachable();

}  // namespace base

#define CHECK(condition) \
  (static_cast<bool>(condition) ? void() : ::base::check_failed(__FILE__, __LINE__, #condition))
