#include "log/scanned_rows.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "log/event_row.h"
#include "log/rows_sql.h"

namespace event_log {
namespace {

constexpr std::int64_t kScannedAtOnce = 500'000;  // in one read: well within a second

}  // namespace

class ScannedRows::PictureView final : public CustomerRows::View {
 public:
  explicit PictureView(Picture picture) : picture_(std::move(picture)) {}

  Position through() const override { return picture_.through; }

  std::vector<RowPlace> rows_of(std::span<const base::CustomerId> customers,
                                std::span<const base::EventTypeId>) const override {
    std::vector<RowPlace> places;
    for (const base::CustomerId customer : customers) {
      for (const Row& row : of(customer)) places.push_back(row.place);
    }
    return places;
  }

  std::vector<Position> rows_at(std::span<const RowAt> wanted) const override {
    std::vector<Position> positions;
    for (const RowAt& at : wanted) {
      for (const Row& row : of(at.customer)) {
        if (row.place.time == at.time) positions.push_back(row.place.position);
      }
    }
    return positions;
  }

 private:
  std::span<const Row> of(base::CustomerId customer) const {
    const auto found = std::ranges::equal_range(*picture_.rows, customer, {}, &Row::customer);
    return {found.begin(), found.end()};
  }

  Picture picture_;
};

ScannedRows::ScannedRows(std::vector<base::EventTypeId> types)
    : types_(std::move(types)), picture_{std::make_shared<const std::vector<Row>>(), {}} {}

std::unique_ptr<CustomerRows::View> ScannedRows::view() const {
  return std::make_unique<PictureView>(picture());
}

void ScannedRows::read(store::Session& session) {
  Fresh fresh{{}, picture().through};
  while (read_some(session, fresh)) {
  }
  add(std::move(fresh));
}

void ScannedRows::read(store::Database& database) {
  Fresh fresh{{}, picture().through};
  for (bool more = true; more;) {
    more = database.read([&](store::Session& session) { return read_some(session, fresh); });
  }
  add(std::move(fresh));
}

bool ScannedRows::read_some(store::Session& session, Fresh& fresh) const {
  std::int64_t rows = 0;
  const auto each = [&](const store::Row& row) {
    ++rows;
    fresh.through = position_in(row, 0);
    const bool counts = row.integer(6) == 0;
    const base::EventTypeId type{row.integer(4)};
    const bool known = types_.empty() || std::ranges::find(types_, type) != types_.end();
    if (!counts || !known) return;
    fresh.rows.push_back({{row.integer(3)}, {fresh.through, {row.integer(5)}}});
  };
  const Position after = fresh.through;
  if (session.dialect() == store::Dialect::sqlite) {
    session.query(sql::kScanSqlite, {after.sequence, kScannedAtOnce}, each);
  } else {
    session.query(sql::kScanPostgresql,
                  {after.epoch, after.transaction, after.sequence, kScannedAtOnce}, each);
  }
  return rows == kScannedAtOnce;
}

ScannedRows::Picture ScannedRows::picture() const {
  const std::lock_guard lock(mutex_);
  return picture_;
}

void ScannedRows::add(Fresh fresh) {
  Picture next{picture().rows, fresh.through};
  if (!fresh.rows.empty()) {
    const auto before = [](const Row& one, const Row& other) {
      return std::tie(one.customer, one.place.position) <
             std::tie(other.customer, other.place.position);
    };
    std::ranges::sort(fresh.rows, before);
    auto merged = std::make_shared<std::vector<Row>>();
    merged->reserve(next.rows->size() + fresh.rows.size());
    std::ranges::merge(*next.rows, fresh.rows, std::back_inserter(*merged), before);
    next.rows = std::move(merged);
  }
  const std::lock_guard lock(mutex_);
  picture_ = std::move(next);
}

}  // namespace event_log
