#include "intake/import.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace intake {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// The front of valid UTF-8, cut between characters.
std::string_view front_of(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  return text.substr(0, base::utf8_prefix(text.substr(0, bytes_max)));
}

}  // namespace

std::string_view code_of(ImportFault fault) {
  switch (fault) {
    case ImportFault::empty_file:
      return "intake.empty_file";
    case ImportFault::header_unreadable:
      return "intake.header_unreadable";
    case ImportFault::too_many_columns:
      return "intake.too_many_columns";
    case ImportFault::bad_column_name:
      return "intake.bad_column_name";
    case ImportFault::unknown_type:
      return "intake.unknown_type";
    case ImportFault::doubled_column:
      return "intake.doubled_column";
    case ImportFault::missing_column:
      return "intake.missing_column";
    case ImportFault::reserved_column:
      return "intake.reserved_column";
    case ImportFault::too_many_rows:
      return "intake.too_many_rows";
    case ImportFault::damaged_workbook:
      return code_of(FormFault::damaged);
    case ImportFault::too_big_workbook:
      return code_of(FormFault::too_big);
    case ImportFault::taken_back:
      return "intake.taken_back";
  }
  base::unreachable();
}

void leave_out(ImportReport& report, LeftOut row) {
  ++report.counts.rows;
  ++report.counts.refused;
  ++report.left_out_counts[row.code];
  if (report.left_out.size() < kLeftOutListedMax) report.left_out.push_back(std::move(row));
}

std::string shown_file_name(std::string_view path) {
  const std::size_t folder = path.find_last_of("/\\");
  if (folder != std::string_view::npos) path.remove_prefix(folder + 1);
  if (!base::is_utf8(path)) return "file.csv";
  std::string name = base::to_nfc(path);
  std::erase_if(name, is_control);
  name = front_of(name, event_log::kFileNameBytesMax);
  return name.empty() ? "file.csv" : name;
}

}  // namespace intake
