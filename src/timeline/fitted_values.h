// Fitted attributes of everybody: one *run* after the other, each of one moment.
//
//   store_run(database, {.family = …, .moment = at, .customers = ids, .columns = {…}})   whoever
//   computes values.changes(attribute, person, from)    the evaluator, the explanation
//   values.column(attribute, at)               everybody at a moment
//
// The value at a moment is that of the last run of its family at or before it; before the first
// run, and of whom a run does not name, it is unknown. A run stays as it was computed, whatever
// arrives later. Values are those of the person's survivor: a merge leaves the other's unread, its
// undo gives them back; whoever is erased is taken out of every run (erase_fitted).
//
// Kept: every run for kFittedDaysDaily days, then the last one of each week (from Monday, UTC), for
// kFittedDaysKept days; the newest of a family always. Before the oldest that is kept values are
// unknown.
//
// Memory: the newest run of each family, 8 bytes a customer for who it is, and for each attribute
// the bits its values need (p_alive: 20, a score: 3); about 25 bytes a customer and run of five
// decimals. Older ones are read from the database by whoever asks for a moment before: of
// one person their rows, of everybody, and of many one after the other, the whole run (the last
// kFittedOlderRunsMax are kept).
//
// Threads: any. What reads older runs reads the database, so it must not stand inside a unit or a
// read of it; then a moment before the newest run throws Failure{misuse}.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/random.h"
#include "store/database.h"
#include "timeline/fitted_attribute.h"
#include "timeline/history.h"

namespace timeline {

inline constexpr std::int64_t kFittedDaysDaily = 35;
inline constexpr std::int64_t kFittedDaysKept = 400;
inline constexpr std::size_t kFittedChunkCustomers = 1024;  // in one row of the database
inline constexpr std::size_t kFittedOlderRunsMax = 4;       // in memory
inline constexpr int kFittedPersonsMax = 64;                // asked one by one, then the whole run

// A value that a run does not know. Numbers are as in columns: int, micros of a decimal, cents;
// of a text its place in `texts`.
inline constexpr std::int64_t kNoFittedValue = std::numeric_limits<std::int64_t>::min();

// What a run gives. Everything lives until the call returns.
struct FittedRun {
  FittedFamily family;
  base::Moment moment;                            // as of which it was computed
  std::span<const base::CustomerId> customers{};  // survivors, ascending, each once
  struct Column {
    FittedAttribute attribute;             // of the family
    std::span<const std::int64_t> values;  // one a customer, in their order
    std::vector<std::string> texts = {};   // of a text attribute
  };
  std::vector<Column> columns{};
};

struct FittedRunInfo {
  std::int64_t id = 0;
  FittedFamily family;
  base::Moment moment;
  std::int64_t customers = 0;
};

class FittedImage;

// One attribute of everybody as of a run. Cheap to copy; keeps what it needs alive. Empty: nobody
// has a value.
class FittedColumn {
 public:
  FittedColumn() = default;
  FittedColumn(std::shared_ptr<const FittedImage> run, std::size_t column, base::Moment moment);
  bool empty() const { return run_ == nullptr; }
  base::Moment moment() const { return moment_; }  // of the run
  // kNoFittedValue: unknown. About 30 ns. Requires !empty(), as value_of.
  std::int64_t number_of(base::CustomerId person) const;
  // Of a number other than kNoFittedValue.
  base::Value value_of(std::int64_t number) const;

 private:
  std::shared_ptr<const FittedImage> run_;
  std::size_t column_ = 0;
  base::Moment moment_{};
};

class FittedValues final : public FittedReader {
 public:
  // Borrows the database. Reads nothing before open().
  explicit FittedValues(store::Database& database);
  ~FittedValues() override;

  // Reads the newest run of each family into memory; again: what others have stored meanwhile.
  // Throws store::Failure.
  void open();

  // Durable when it returns, and read by all who ask from then on. Makes units of its own (a chunk
  // each), so it must not stand inside one; whoever is erased meanwhile is left out. A run of the
  // same family and moment is replaced; runs that are no longer kept go. One at a time a family.
  // CHECK: customers ascend, columns are of the family and as long. Throws store::Failure; then the
  // run is not there.
  void store_run(const FittedRun& run, base::Random& random);

  // Kept runs of a family, the newest first.
  std::vector<FittedRunInfo> runs(FittedFamily family) const;
  // Rises whenever any value may have changed: a run stored, somebody erased.
  std::uint64_t version() const;

  std::vector<AttributeChange> changes(FittedAttribute attribute, base::CustomerId person,
                                       base::Moment from) const override;
  FittedColumn column(FittedAttribute attribute, base::Moment at) const override;

  struct Bytes {
    std::size_t memory = 0;
    std::int64_t customers = 0;  // of the runs in memory, added up
  };
  Bytes bytes() const;

  // Erasing a person, in the unit of the erasure: the rows of these ids leave every run; memory
  // forgets them once it has happened.
  void erase(store::Unit& unit, std::span<const base::CustomerId> ids);

 private:
  class State;
  std::shared_ptr<State> state_;
};

// After people of a restored backup were erased again: whoever is no customer leaves every run.
// Returns how many rows went.
std::int64_t erase_fitted_of_nobody(store::Unit& unit);

}  // namespace timeline
