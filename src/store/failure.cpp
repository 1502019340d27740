#include "store/failure.h"

#include "base/check.h"

namespace store {

std::string_view code_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::unavailable:
      return "store.unavailable";
    case FailureKind::full:
      return "store.full";
    case FailureKind::overloaded:
      return "store.overloaded";
    case FailureKind::timeout:
      return "store.timeout";
    case FailureKind::serialization:
      return "store.serialization";
    case FailureKind::constraint:
      return "store.constraint";
    case FailureKind::corrupt:
      return "store.corrupt";
    case FailureKind::misuse:
      return "store.misuse";
  }
  base::unreachable();
}

}  // namespace store
