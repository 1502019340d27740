// For tests: rows of the files below ../shared/data, and whether they are there.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace stats {

inline std::filesystem::path data_file(const std::string& name) {
  return std::filesystem::path(SIYU_SOURCE_DIR) / "../shared/data" / name;
}

using OracleRow = std::map<std::string, double>;
// Rows of a CSV file of numbers, by the names of its first line.
inline std::vector<OracleRow> oracle_rows(const std::string& name) {
  std::ifstream in(data_file(name));
  std::vector<std::string> header;
  std::vector<OracleRow> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, ',');) {
      while (!field.empty() && (field.back() == '\r' || field.back() == '"')) field.pop_back();
      if (!field.empty() && field.front() == '"') field.erase(0, 1);
      fields.push_back(field);
    }
    if (header.empty()) {
      header = fields;
      continue;
    }
    OracleRow row;
    for (std::size_t i = 0; i < header.size() && i < fields.size(); ++i) {
      row[header[i]] = fields[i].empty() || fields[i] == "NA" ? 0 : std::stod(fields[i]);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace stats
