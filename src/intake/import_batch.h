// Inside the module: the batch of an import, and units that a dry run takes back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/moment.h"
#include "customer/writing.h"
#include "intake/import.h"
#include "log/batch.h"
#include "log/log.h"
#include "store/database.h"

namespace intake {

// The row in the list of imports, and one row of the audit. After a dry run there is none. Lives as
// long as the import: one that goes without finish() was cut off, and says so when the database is
// there. Borrows what ImportMeans borrows.
class ImportBatch {
 public:
  ImportBatch(const ImportMeans& means, const ImportRequest& request, std::string_view kind);
  ~ImportBatch();
  ImportBatch(const ImportBatch&) = delete;
  ImportBatch& operator=(const ImportBatch&) = delete;

  base::Moment now() const { return new_.now; }  // when the import began: the arrival of its rows
  const std::string& source() const { return source_; }
  base::BatchId id() const { return dry_run_ ? base::BatchId{} : new_.id; }

  void begin();
  // `stopped`: as asked for, before the end of the file. Refused when somebody is taking the import
  // back or has done so: then that is its state.
  [[nodiscard]] base::Result<void, ImportError> finish(bool stopped);

  // One unit of the import: begins the batch when this is a dry run, then calls
  // `work(unit, writing)`, which answers an error (T has one) to take the unit back.
  template <typename Work>
  auto write(std::string_view name, Work&& work) {
    using Answer = std::invoke_result_t<Work&, store::Unit&, customer::Writing&>;
    std::optional<Answer> answer;
    (void)means_.database.write(name, [&](store::Unit& unit) -> base::Result<void, int> {
      if (dry_run_) event_log::begin_batch(unit, new_);
      customer::Writing writing(unit, means_.log, options());
      answer.emplace(work(unit, writing));
      if (dry_run_ || !answer->has_value()) return base::unexpected(0);
      return {};
    });
    return std::move(*answer);
  }
  // Adds to the counts of the batch, in a unit of write().
  void count(store::Unit& unit, const event_log::BatchCounts& more) const;

 private:
  customer::WritingOptions options() const;

  const ImportMeans& means_;
  bool dry_run_;
  bool live_;
  rights::Actor actor_;
  event_log::NewBatch new_;
  std::string source_;    // "csv" and the batch: the name of a file may be a person's
  bool is_open_ = false;  // begun and not finished
};

}  // namespace intake
