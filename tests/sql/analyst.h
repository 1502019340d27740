// A query as an analyst asks it: SQLite by a connection of its own that only reads, beside the
// program's; PostgreSQL by the program's.
#pragma once

#include <sqlite3.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "store/test_database.h"

namespace analyst {

using Cells = std::vector<std::string>;  // null: "-"

// Throws std::runtime_error where it cannot be opened.
class File {
 public:
  explicit File(const std::string& folder) {
    const std::string uri = "file:" + folder + "/siyu.db?mode=ro";
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    if (sqlite3_open_v2(uri.c_str(), &file_, flags, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(file_));
    }
  }
  ~File() { sqlite3_close(file_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Throws std::runtime_error with what SQLite says against it.
  std::vector<Cells> ask(const std::string& query) {
    std::vector<Cells> rows;
    const auto each = [](void* into, int columns, char** cells, char**) {
      auto& row = static_cast<std::vector<Cells>*>(into)->emplace_back();
      for (int i = 0; i < columns; ++i) row.emplace_back(cells[i] == nullptr ? "-" : cells[i]);
      return 0;
    };
    if (sqlite3_exec(file_, query.c_str(), each, &rows, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(file_));
    }
    return rows;
  }

 private:
  sqlite3* file_ = nullptr;
};

// `columns`: how many are asked for.
inline std::vector<Cells> ask(store::TestDatabase& database, const std::string& query,
                              int columns) {
  if (database.get().dialect() == store::Dialect::sqlite) {
    return File(database.place()).ask(query);
  }
  std::vector<Cells> rows;
  database.get().read([&](store::Session& session) {
    session.query(query, {}, [&](const store::Row& row) {
      auto& cells = rows.emplace_back();
      for (int i = 0; i < columns; ++i) {
        cells.emplace_back(row.is_null(i) ? "-" : std::string(row.text(i)));
      }
    });
  });
  return rows;
}

}  // namespace analyst
