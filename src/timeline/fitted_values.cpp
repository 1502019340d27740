#include "timeline/fitted_values.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "base/check.h"
#include "store/nesting.h"
#include "timeline/fitted_image.h"
#include "timeline/fitted_runs.h"

namespace timeline {

using base::Moment;

namespace {

using Image = std::shared_ptr<const FittedImage>;
using Runs = std::shared_ptr<const std::vector<StoredRun>>;

base::Value value_from(const FittedForm::Column& column, std::int64_t number) {
  switch (kind_of(column.attribute).type) {
    case base::ValueType::integer:
      return number;
    case base::ValueType::decimal:
      return base::Decimal{number};
    case base::ValueType::money:
      return base::Money{number};
    case base::ValueType::text:
      return column.texts.at(static_cast<std::size_t>(number));
    case base::ValueType::boolean:
    case base::ValueType::time:
    case base::ValueType::date:
    case base::ValueType::text_list:
      break;
  }
  base::unreachable();
}

FittedForm form_of(const FittedRun& run) {
  FittedForm form;
  const auto not_rising = std::ranges::adjacent_find(run.customers, std::greater_equal<>());
  CHECK(not_rising == run.customers.end());
  for (const FittedRun::Column& column : run.columns) {
    CHECK(kind_of(column.attribute).family == run.family);
    CHECK(column.values.size() == run.customers.size());
    form.columns.push_back({column.attribute, column.texts});
  }
  return form;
}

FittedTable rows_of(const FittedRun& run, std::size_t first, std::size_t count) {
  FittedTable rows;
  const auto customers = run.customers.subspan(first, count);
  rows.customers.assign(customers.begin(), customers.end());
  for (const FittedRun::Column& column : run.columns) {
    const auto values = column.values.subspan(first, count);
    rows.columns.emplace_back(values.begin(), values.end());
  }
  return rows;
}

void refuse_inside() {
  if (!store::Nesting::inside()) return;
  throw store::Failure(store::FailureKind::misuse,
                       "older computed values cannot be read inside a unit or a read");
}

}  // namespace

FittedColumn::FittedColumn(Image run, std::size_t column, Moment moment)
    : run_(std::move(run)), column_(column), moment_(moment) {}

std::int64_t FittedColumn::number_of(base::CustomerId person) const {
  return run_->number_of(person, column_);
}

base::Value FittedColumn::value_of(std::int64_t number) const {
  return value_from(run_->form().columns[column_], number);
}

class FittedValues::State {
 public:
  explicit State(store::Database& database) : database_(database) {}

  store::Database& database() { return database_; }

  // What the database holds; the newest runs with all their values.
  void read();
  // Kept runs of a family, by moment.
  Runs runs(FittedFamily family) const {
    const std::lock_guard lock(mutex_);
    const auto found = runs_.find(family);
    return found == runs_.end() ? std::make_shared<const std::vector<StoredRun>>() : found->second;
  }
  Image in_memory(std::int64_t run) const {
    const std::lock_guard lock(mutex_);
    return kept(run);
  }
  // Reads it when it is not in memory.
  Image image_of(const StoredRun& run);
  // The same of one person, of whom many may be asked after each other.
  std::int64_t number_of(const StoredRun& run, base::CustomerId person, std::size_t column);

  // Ascending.
  void forget(std::span<const base::CustomerId> gone);
  std::uint64_t version() const {
    const std::lock_guard lock(mutex_);
    return version_;
  }
  Bytes bytes() const;

 private:
  // mutex_ is held.
  Image kept(std::int64_t run) const;
  bool is_same(const std::map<FittedFamily, std::vector<StoredRun>>& runs) const;
  bool keep_older(std::int64_t run, const Image& image, std::uint64_t erasures);

  store::Database& database_;
  mutable std::mutex mutex_;
  std::map<FittedFamily, Runs> runs_;  // each by moment
  std::map<std::int64_t, Image> newest_;
  std::deque<std::pair<std::int64_t, Image>> older_;  // the one read last in front
  std::map<std::int64_t, int> asked_;                 // persons of older runs, one by one
  std::uint64_t version_ = 0;
  std::uint64_t erasures_ = 0;
};

Image FittedValues::State::kept(std::int64_t run) const {
  if (const auto found = newest_.find(run); found != newest_.end()) return found->second;
  const auto found = std::ranges::find(older_, run, &std::pair<std::int64_t, Image>::first);
  return found == older_.end() ? nullptr : found->second;
}

void FittedValues::State::read() {
  while (true) {
    const auto erasures = [this] {
      const std::lock_guard lock(mutex_);
      return erasures_;
    }();
    std::map<FittedFamily, std::vector<StoredRun>> runs;
    std::map<std::int64_t, Image> newest;
    database_.read_whole([&](store::Session& session) {
      runs.clear();
      newest.clear();
      for (StoredRun& run : stored_runs(session)) runs[run.info.family].push_back(std::move(run));
      for (const auto& [family, all] : runs) {
        const StoredRun& last = all.back();
        Image image = in_memory(last.info.id);
        if (!image) {
          image = std::make_shared<const FittedImage>(read_run(session, last), last.form);
        }
        newest.emplace(last.info.id, std::move(image));
      }
    });
    const std::lock_guard lock(mutex_);
    if (erasures != erasures_) continue;  // somebody may be in what was read
    if (!is_same(runs)) ++version_;
    runs_.clear();
    for (auto& [family, all] : runs) {
      runs_.emplace(family, std::make_shared<const std::vector<StoredRun>>(std::move(all)));
    }
    newest_ = std::move(newest);
    return;
  }
}

bool FittedValues::State::is_same(
    const std::map<FittedFamily, std::vector<StoredRun>>& runs) const {
  return std::ranges::equal(runs, runs_, [](const auto& found, const auto& known) {
    return found.first == known.first &&
           std::ranges::equal(
               found.second, *known.second, {}, [](const StoredRun& run) { return run.info.id; },
               [](const StoredRun& run) { return run.info.id; });
  });
}

bool FittedValues::State::keep_older(std::int64_t run, const Image& image, std::uint64_t erasures) {
  if (erasures != erasures_) return false;
  older_.emplace_front(run, image);
  if (older_.size() > kFittedOlderRunsMax) older_.pop_back();
  return true;
}

Image FittedValues::State::image_of(const StoredRun& run) {
  while (true) {
    std::uint64_t erasures = 0;
    {
      const std::lock_guard lock(mutex_);
      if (Image found = kept(run.info.id)) return found;
      erasures = erasures_;
    }
    refuse_inside();
    const auto rows =
        database_.read_whole([&](store::Session& session) { return read_run(session, run); });
    const auto image = std::make_shared<const FittedImage>(rows, run.form);
    const std::lock_guard lock(mutex_);
    if (keep_older(run.info.id, image, erasures)) return image;
  }
}

std::int64_t FittedValues::State::number_of(const StoredRun& run, base::CustomerId person,
                                            std::size_t column) {
  Image image;
  bool many = false;
  {
    const std::lock_guard lock(mutex_);
    image = kept(run.info.id);
    if (!image) many = ++asked_[run.info.id] % kFittedPersonsMax == 0;
  }
  if (!image && many) image = image_of(run);
  if (image) return image->number_of(person, column);
  refuse_inside();
  const auto numbers =
      database_.read([&](store::Session& session) { return read_person(session, run, person); });
  return numbers ? (*numbers)[column] : kNoFittedValue;
}

void FittedValues::State::forget(std::span<const base::CustomerId> gone) {
  const std::lock_guard lock(mutex_);
  ++erasures_;
  ++version_;
  const auto without = [&](const Image& image) -> Image {
    FittedTable rows = image->table();
    if (rows.remove(gone) == 0) return image;
    return std::make_shared<const FittedImage>(rows, image->form());
  };
  for (auto& [run, image] : newest_) image = without(image);
  older_.clear();
}

FittedValues::Bytes FittedValues::State::bytes() const {
  const std::lock_guard lock(mutex_);
  Bytes bytes;
  const auto add = [&](const Image& image) {
    bytes.memory += image->bytes();
    bytes.customers += static_cast<std::int64_t>(image->size());
  };
  for (const auto& [run, image] : newest_) add(image);
  for (const auto& [run, image] : older_) add(image);
  return bytes;
}

FittedValues::FittedValues(store::Database& database) : state_(std::make_shared<State>(database)) {}

FittedValues::~FittedValues() = default;

void FittedValues::open() { state_->read(); }

void FittedValues::store_run(const FittedRun& run, base::Random& random) {
  const StoredRun stored{
      {random.id(), run.family, run.moment, static_cast<std::int64_t>(run.customers.size())},
      form_of(run)};
  store::Database& database = state_->database();
  database.write("fitted.begin", [&](store::Unit& unit) { begin_run(unit, stored); });
  for (std::size_t first = 0; first < run.customers.size(); first += kFittedChunkCustomers) {
    const std::size_t count = std::min(kFittedChunkCustomers, run.customers.size() - first);
    const FittedTable rows = rows_of(run, first, count);
    database.write("fitted.write",
                   [&](store::Unit& unit) { write_chunk(unit, stored.info.id, rows); });
  }
  std::vector<FittedRunInfo> all;
  const Runs before = state_->runs(run.family);
  for (const StoredRun& each : *before) all.push_back(each.info);
  all.push_back(stored.info);
  std::ranges::stable_sort(all, {}, &FittedRunInfo::moment);
  const auto given_up = runs_to_give_up(all, run.moment);
  database.write("fitted.finish", [&](store::Unit& unit) { finish_run(unit, stored, given_up); });
  state_->read();
}

std::vector<FittedRunInfo> FittedValues::runs(FittedFamily family) const {
  std::vector<FittedRunInfo> infos;
  const Runs all = state_->runs(family);
  for (const StoredRun& run : *all) infos.push_back(run.info);
  std::ranges::reverse(infos);
  return infos;
}

std::uint64_t FittedValues::version() const { return state_->version(); }

FittedValues::Bytes FittedValues::bytes() const { return state_->bytes(); }

std::vector<AttributeChange> FittedValues::changes(FittedAttribute attribute,
                                                   base::CustomerId person, Moment from) const {
  std::vector<AttributeChange> changes;
  const Runs all = state_->runs(kind_of(attribute).family);
  const std::vector<StoredRun>& runs = *all;
  const auto after = std::ranges::upper_bound(runs, from, {},
                                              [](const StoredRun& run) { return run.info.moment; });
  for (auto run = after == runs.begin() ? after : std::prev(after); run != runs.end(); ++run) {
    const auto column = run->form.place_of(attribute);
    const std::int64_t number = column ? state_->number_of(*run, person, *column) : kNoFittedValue;
    AttributeChange change{run->info.moment, std::nullopt};
    if (number != kNoFittedValue) change.value = value_from(run->form.columns[*column], number);
    changes.push_back(std::move(change));
  }
  return changes;
}

FittedColumn FittedValues::column(FittedAttribute attribute, Moment at) const {
  const Runs all = state_->runs(kind_of(attribute).family);
  const std::vector<StoredRun>& runs = *all;
  const auto after =
      std::ranges::upper_bound(runs, at, {}, [](const StoredRun& run) { return run.info.moment; });
  if (after == runs.begin()) return {};
  const StoredRun& run = *std::prev(after);
  const auto column = run.form.place_of(attribute);
  if (!column) return {};
  return {state_->image_of(run), *column, run.info.moment};
}

void FittedValues::erase(store::Unit& unit, std::span<const base::CustomerId> ids) {
  std::vector<base::CustomerId> gone(ids.begin(), ids.end());
  std::ranges::sort(gone);
  erase_from_runs(unit, gone);
  unit.after_commit([state = state_, gone = std::move(gone)] { state->forget(gone); });
}

}  // namespace timeline
