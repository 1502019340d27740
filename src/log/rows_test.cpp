#include "log/rows.h"

#include <set>

#include "log/batch.h"
#include "log/scanned_rows.h"
#include "log/test_log.h"

namespace event_log {
namespace {

constexpr base::BatchId kImport{101};
constexpr base::BatchId kOtherImport{102};

// What a memory of the log may answer: behind the log, and with rows that are not asked for.
class Vague final : public CustomerRows {
 public:
  explicit Vague(const CustomerRows& exact, std::vector<Position> all)
      : exact_(exact), all_(std::move(all)) {}
  std::unique_ptr<View> view() const override {
    return std::make_unique<VagueView>(exact_.view(), all_);
  }

 private:
  class VagueView final : public View {
   public:
    VagueView(std::unique_ptr<View> exact, std::vector<Position> all)
        : exact_(std::move(exact)), all_(std::move(all)) {}
    Position through() const override { return exact_->through(); }
    std::vector<RowPlace> rows_of(std::span<const base::CustomerId> customers,
                                  std::span<const base::EventTypeId> types) const override {
      auto places = exact_->rows_of(customers, types);
      std::set<Position> known;
      for (const RowPlace& place : places) known.insert(place.position);
      for (const Position& position : all_) {
        if (!known.contains(position)) places.push_back({position, kTestNow});
      }
      return places;
    }
    std::vector<Position> rows_at(std::span<const RowAt>) const override { return all_; }

   private:
    std::unique_ptr<View> exact_;
    std::vector<Position> all_;
  };
  const CustomerRows& exact_;
  std::vector<Position> all_;
};

// A memory that has read one row more each time it is looked at, up to `last`.
class ReadingOn final : public CustomerRows {
 public:
  explicit ReadingOn(std::int64_t last) : last_(last) {}
  std::unique_ptr<View> view() const override {
    ++looks_;
    return std::make_unique<Seen>(Position{0, 0, std::min<std::int64_t>(looks_, last_)});
  }
  int looks() const { return looks_; }

 private:
  class Seen final : public View {
   public:
    explicit Seen(const Position& through) : through_(through) {}
    Position through() const override { return through_; }
    std::vector<RowPlace> rows_of(std::span<const base::CustomerId>,
                                  std::span<const base::EventTypeId>) const override {
      return {};
    }
    std::vector<Position> rows_at(std::span<const RowAt>) const override { return {}; }

   private:
    Position through_;
  };
  const std::int64_t last_;
  mutable int looks_ = 0;
};

class RowsTest : public LogFixture {
 protected:
  static NewEvent moved(std::int64_t customer, std::string_view name, std::int64_t minutes) {
    NewEvent event = new_event(customer, std::string(name));
    event.time.ms += minutes * base::kMinute.ms;
    event.properties["n"] = ++made_;
    return event;
  }
  Appended import(base::BatchId batch, const std::vector<NewEvent>& events) {
    database().write("import.begin", [&](store::Unit& unit) {
      begin_batch(unit, {batch, "events", "a.csv", "test", kTestNow});
    });
    Origin from = origin();
    from.batch = batch;
    return *append(from, events);
  }
  static std::string told(const std::vector<Event>& events) {
    std::string out;
    for (const Event& event : events) {
      out += (out.empty() ? "" : " ") + std::to_string(event.customer.value) + event.properties;
    }
    return out;
  }
  // Every answer of one session, as text.
  std::string everything(store::Session& session, const CustomerRows* index) {
    const std::vector<base::CustomerId> customers = {{1}, {3}, {77}};
    std::string out = told(rows_of(session, index, customers)) + "\n";
    const auto types = log().catalog().known();
    if (const EventType* paid = types->find("paid")) {
      out += told(rows_of(session, index, customers, std::span(&paid->id, 1))) + "\n";
      const std::vector<RowAt> wanted = {{{1}, paid->id, moved(1, "paid", 5).time},
                                         {{3}, paid->id, moved(3, "paid", 2).time}};
      for (const auto& but : {std::optional<OwnRows>(), std::optional(OwnRows{kOtherImport})}) {
        std::vector<Event> found;
        each_row_at(session, index, {wanted, but},
                    [&](const Event& event) { found.push_back(event); });
        std::ranges::sort(found, {}, &Event::position);
        out += told(found) + "\n";
      }
    }
    std::optional<Event> last;
    for (int page = 0; page < 4; ++page) {
      Latest latest{.rows = 3};
      if (last) latest = {3, last->time, last->position};
      const auto found = latest_rows_of(session, index, customers, latest);
      out += told(found) + " | ";
      if (!found.empty()) last = found.back();
    }
    return out;
  }

  static inline std::int64_t made_ = 0;
};
TEST_P(RowsTest, WhoWaitsForTheMemoryWaitsWhileItReadsOn) {
  log().await_customer_rows({0, 0, 5});  // nobody to wait for
  const ReadingOn reading(20);
  log().set_customer_rows(&reading);
  log().await_customer_rows({0, 0, 1});
  EXPECT_EQ(reading.looks(), 1) << "it is there already";
  log().await_customer_rows({0, 0, 10});
  EXPECT_EQ(reading.looks(), 10);
  log().set_customer_rows(nullptr);
}

TEST_P(RowsTest, NobodyWaitsForAMemoryThatStandsStill) {
  const ReadingOn reading(3);
  log().set_customer_rows(&reading);
  log().await_customer_rows({0, 0, 10}, base::Duration{100});
  EXPECT_GT(reading.looks(), 3);
  log().set_customer_rows(nullptr);
}

INSTANTIATE_TEST_SUITE_P(Both, RowsTest, store::kBothDatabases, store::dialect_name);

TEST_P(RowsTest, AreThoseOfTheCustomersAsWritten) {
  append({moved(1, "paid", 5), moved(2, "paid", 5), moved(3, "viewed", 1), moved(1, "viewed", 3)});
  database().read([&](store::Session& session) {
    const std::vector<base::CustomerId> customers = {{1}, {3}};
    const auto found = rows_of(session, nullptr, customers);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].customer.value, 1);
    EXPECT_EQ(found[1].customer.value, 3);
    const auto latest = latest_rows_of(session, nullptr, customers, {.rows = 2});
    ASSERT_EQ(latest.size(), 2U);
    EXPECT_EQ(latest[0].position, found[0].position);
    EXPECT_EQ(latest[1].position, found[2].position);
    EXPECT_TRUE(rows_of(session, nullptr, {}).empty());
  });
}

// However far behind an index is, and whatever it names beside, the answers are those of a scan;
// in units that have written, with rows that do not count, at any state of the log.
TEST_P(RowsTest, TheAnswersAreTheSameWithAnyIndex) {
  std::vector<std::unique_ptr<ScannedRows>> indexes;
  const auto index_here = [&] {
    indexes.push_back(std::make_unique<ScannedRows>());
    indexes.back()->read(database());
  };
  const auto compare = [&](store::Session& session) {
    std::vector<Position> all;
    const std::vector<base::CustomerId> erased = {{99}};
    const std::vector<base::CustomerId> everybody = {{1}, {2}, {3}};
    for (const auto& customers : {everybody, erased}) {
      for (const RowOfCustomer& row : places_of(session, nullptr, customers)) {
        all.push_back(row.position);
      }
    }
    const std::string expected = everything(session, nullptr);
    for (const auto& index : indexes) {
      EXPECT_EQ(everything(session, index.get()), expected);
      const Vague vague(*index, all);
      EXPECT_EQ(everything(session, &vague), expected);
      EXPECT_EQ(places_of(session, index.get(), everybody), places_of(session, nullptr, everybody));
    }
  };
  index_here();
  append({moved(1, "paid", 5), moved(2, "paid", 5), moved(3, "viewed", 1)});
  index_here();
  import(kImport, {moved(1, "paid", 5), moved(3, "paid", 2), moved(1, "viewed", 9)});
  import(kOtherImport, {moved(1, "paid", 5), moved(3, "paid", 2)});
  append({moved(1, "viewed", -2), moved(3, "paid", 2)});
  index_here();
  database().read(compare);
  database().write("event.append", [&](store::Unit& unit) {
    const std::vector<NewEvent> more = {moved(1, "paid", 5), moved(2, "paid", 5)};
    ASSERT_TRUE(log().append(unit, origin(), more).has_value());
    compare(unit);
  });
  database().write("import.undo",
                   [&](store::Unit& unit) { (void)begin_undo(log(), unit, kImport, kTestNow); });
  database().read(compare);
  index_here();
  database().write("customer.erase", [&](store::Unit& unit) {
    log().erase(unit, {{3}, {99}});
    compare(unit);
  });
  index_here();
  database().read(compare);
  database().read([&](store::Session& session) {
    EXPECT_EQ(everything(session, nullptr).find("3{"), std::string::npos);
  });
}

TEST_P(RowsTest, RowsOfAStretchOfItsOwnAreNotLookedAt) {
  append({moved(1, "paid", 5)});
  const Position after = append({moved(2, "paid", 5)}).last;
  const Position through = append({moved(3, "paid", 5)}).last;
  append({moved(4, "paid", 5)});
  const EventType* paid = log().catalog().known()->find("paid");
  std::vector<RowAt> wanted;
  for (const std::int64_t customer : {1, 2, 3, 4}) {
    wanted.push_back({{customer}, paid->id, moved(customer, "paid", 5).time});
  }
  const auto found = [&](const OwnRows& but) {
    std::string out;
    database().read([&](store::Session& session) {
      each_row_at(session, nullptr, {wanted, but},
                  [&](const Event& event) { out += std::to_string(event.customer.value) + " "; });
    });
    return out;
  };
  EXPECT_EQ(found({kImport}), "1 2 3 4 ");
  EXPECT_EQ(found({kImport, after, through}), "1 2 4 ");
}

TEST_P(RowsTest, ErasedAreAlsoRowsOfABatchThatIsBeingUndone) {
  import(kImport, {moved(1, "paid", 5), moved(2, "paid", 5)});
  database().write("import.undo",
                   [&](store::Unit& unit) { (void)begin_undo(log(), unit, kImport, kTestNow); });
  ScannedRows knows_of_none({base::EventTypeId{4'999}});
  knows_of_none.read(database());
  log().set_customer_rows(&knows_of_none);
  const auto erased = database().write(
      "customer.erase", [&](store::Unit& unit) { return log().erase(unit, {{1}, {99}}); });
  EXPECT_EQ(erased, 1);
  database().read([&](store::Session& session) {
    session.query("select customer, state, properties from event order by sequence limit 1", {},
                  [](const store::Row& row) {
                    EXPECT_EQ(row.integer(0), 99);
                    EXPECT_EQ(row.integer(1), 2);
                    EXPECT_EQ(row.text(2), "{}");
                  });
  });
}

TEST_P(RowsTest, RowsAreReadAtTheirPositionsUnlessErased) {
  const Appended own = append({moved(1, "paid", 5), moved(3, "paid", 1)});
  const Appended imported = import(kImport, {moved(1, "paid", 5)});
  database().write("import.undo", [&](store::Unit& unit) {
    (void)begin_undo(log(), unit, kImport, kTestNow);
    log().erase(unit, {{3}, {99}});
  });
  const std::vector<Position> positions = {imported.last, own.outcomes[1].position,
                                           own.outcomes[0].position};
  const auto found =
      database().read([&](store::Session& session) { return rows_with(session, positions); });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].position, own.outcomes[0].position);
  EXPECT_EQ(found[1].position, imported.last);
}

}  // namespace
}  // namespace event_log
