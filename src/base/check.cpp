#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace base {

void check_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "siyu: internal error at %s:%d: %s does not hold\n", file, line, condition);
  std::abort();
}

void unreachable() { check_failed(__FILE__, __LINE__, "a value outside its enumeration"); }

}  // namespace base
