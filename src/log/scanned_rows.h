// An index of the log in this process, made by reading all of it: for programs and tests that have
// no memory of the log, and for `siyu check`, which must not trust one.
//
// 40 bytes a row. What has come since it was read is found by who asks (log/rows.h), so it is exact
// at any time, and read() again when that has become much. One thread reads; any may ask.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "log/customer_rows.h"
#include "store/database.h"

namespace event_log {

class ScannedRows final : public CustomerRows {
 public:
  // `types`: it knows of rows of these only; none given: of every type.
  explicit ScannedRows(std::vector<base::EventTypeId> types = {});

  // Reads what has come since the last time: in one moment, or in short reads.
  void read(store::Session& session);
  void read(store::Database& database);

  std::unique_ptr<View> view() const override;

 private:
  struct Row {
    base::CustomerId customer;
    RowPlace place;
  };
  struct Picture {
    std::shared_ptr<const std::vector<Row>> rows;  // by (customer, position)
    Position through;
  };
  struct Fresh {
    std::vector<Row> rows;
    Position through;
  };
  class PictureView;

  bool read_some(store::Session& session, Fresh& fresh) const;
  Picture picture() const;
  void add(Fresh fresh);

  std::vector<base::EventTypeId> types_;
  mutable std::mutex mutex_;
  Picture picture_;
};

}  // namespace event_log
