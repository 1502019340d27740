// What is seen of a file before anybody has said what it means: whether its first row names the
// columns, their names, and what their cells hold. Of its first rows; pure but for the reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/csv.h"

namespace intake {

inline constexpr std::int64_t kLookedRowsMax = 1000;

// What nine of ten filled cells of a column are, whatever its name says. phones: mobile numbers of
// mainland China, also masked ones (138****0000); times: moments or dates as they are written.
enum class CellsAre : std::uint8_t { other, phones, emails, times };

struct FileLook {
  // False: no word of the first row is known, and what it holds is what the columns below hold.
  bool header = true;
  std::vector<std::string> columns = {};  // as mappings name them; without a header #1, #2 …
  std::vector<CellsAre> cells = {};       // as columns
};
// From the beginning of the file, which stands there again afterwards. Error: the code
// (intake.empty_file, intake.header_unreadable).
[[nodiscard]] base::Result<FileLook, std::string_view> look_at_head(ByteSource& file);

}  // namespace intake
