// How far the import or export that runs now is, for whoever watches. Threads: any.
#pragma once

#include <atomic>
#include <cstdint>

namespace api {

struct Progress {
  std::atomic<std::int64_t> rows = 0;
  std::atomic<std::int64_t> bytes_done = 0;
  std::atomic<std::int64_t> bytes_total = 0;  // 0: nothing runs
  std::atomic<std::int64_t> started_ms = 0;
};

}  // namespace api
