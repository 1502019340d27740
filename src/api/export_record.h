// A file of customers or events that leaves the program, as a row of the audit: who took what of
// whom, how many rows, and whether phones and names were masked. The file's own name is not told:
// it may be a person's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/asked.h"
#include "api/call.h"

namespace api {

struct Exported {
  std::string_view what;             // "customers", "events", "audience"
  std::string_view form;             // "csv", "xlsx"
  const Asked* asked = nullptr;      // null: everybody
  bool is_searched = false;          // what for is not told: it may be a person's name
  std::vector<std::string> columns;  // empty: all there are
  std::int64_t rows = 0;             // without the header
};
// Before the file is handed over: one that cannot be recorded is not.
void record_export(Call& call, const Exported& exported);

}  // namespace api
