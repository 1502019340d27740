// Inside the module's tests: a database with a log, files as texts, reports as lines.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/clock.h"
#include "base/random.h"
#include "customer/import_undo.h"
#include "customer/person.h"
#include "intake/customer_file.h"
#include "intake/event_file.h"
#include "intake/export.h"
#include "intake/import_undo.h"
#include "log/log.h"
#include "log/reader.h"
#include "store/test_database.h"

namespace intake {

class FixedClock final : public base::Clock {
 public:
  base::Moment now() const override { return at; }
  base::Moment at{1'790'000'000'000};  // 2026-09-21T14:13:20Z
};

class TextSink final : public ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  std::string text;
};

// An export as the text of its CSV.
class CsvText {
 public:
  RowSink& sink() { return *rows_; }
  std::string text() {
    rows_->finish();
    return out_.text;
  }

 private:
  TextSink out_;
  std::unique_ptr<RowSink> rows_ = make_row_sink(FileForm::csv, out_, "");
};

class ImportTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(clock_.now(), random_);
  }
  void TearDown() override {
    log_.reset();
    store::DatabaseTest::TearDown();
  }

  ImportMeans means() { return {database(), *log_, clock_, random_, zone_}; }
  ExportMeans export_means() { return {database(), *log_}; }

  static ImportRequest request() { return {.file_name = "data/orders.csv", .actor = {}}; }

  ImportReport events(std::string_view text, const ImportRequest& request = ImportTest::request()) {
    return run(import_events, text, request);
  }
  ImportReport customers(std::string_view text,
                         const ImportRequest& request = ImportTest::request()) {
    return run(import_customers, text, request);
  }

  // Imports and takes the import back once `rows` of it are written: the fault it stops with, and
  // how many rows it had told by then.
  template <typename Import>
  std::string stopped(Import import, std::string_view text, std::int64_t rows) {
    std::int64_t seen = 0;
    bool undone = false;
    ImportRequest watched = request();
    watched.progress = [&](const ImportProgress& progress) {
      seen = progress.rows;
      if (undone || seen < rows) return;
      undone = true;
      const auto batches = database().read(
          [](store::Session& session) { return event_log::list_batches(session, 100); });
      for (const event_log::Batch& batch : batches) {
        if (batch.state == event_log::BatchState::running) undo(batch.id);
      }
    };
    TextSource file(text);
    const auto report = import(means(), file, watched);
    if (report) return "done: " + told(*report);
    return std::string(code_of(report.error().fault)) + " after " + std::to_string(seen) + " rows";
  }

  // "5 rows: 3 new, 1 repeated, 1 left out; 3:4 amount value.not_a_number".
  static std::string told(const ImportReport& report) {
    const event_log::BatchCounts& counts = report.counts;
    std::string out = std::to_string(counts.rows) + " rows: " + std::to_string(counts.written) +
                      " new, " + std::to_string(counts.repeated) + " repeated, " +
                      std::to_string(counts.refused) + " left out";
    for (const LeftOut& row : report.left_out) {
      out += "; " + std::to_string(row.line) + ":" + std::to_string(row.column) + " " +
             row.column_name + " " + std::string(row.code);
    }
    return out;
  }

  // What the log holds by now without the product's own records: "name time {properties}" a line.
  std::string logged() {
    std::string out;
    each_event([&](const event_log::Event& event, const event_log::EventType& type) {
      if (type.name == "customer_created" || type.name == "identity_added") return;
      out += type.name + " " + base::to_iso8601_utc(event.time) + " " + event.properties + "\n";
    });
    return out;
  }

  std::int64_t count(std::string_view name) {
    std::int64_t found = 0;
    each_event([&](const event_log::Event&, const event_log::EventType& type) {
      if (type.name == name) ++found;
    });
    return found;
  }

  // Of one customer, as written.
  std::int64_t count_of(base::CustomerId customer, std::string_view name) {
    std::int64_t found = 0;
    each_event([&](const event_log::Event& event, const event_log::EventType& type) {
      if (type.name == name && event.customer == customer) ++found;
    });
    return found;
  }

  std::int64_t persons() {
    return database().read(
        [](store::Session& session) { return customer::count_persons(session); });
  }

  UndoReport undo(base::BatchId batch) {
    customer::ImportUndo follower(*log_, {.actor = {}, .now = clock_.now(), .source = "test"});
    std::vector<event_log::BatchFollower*> followers = {&follower};
    const auto report = undo_import({database(), *log_, clock_, followers}, batch);
    EXPECT_TRUE(report.has_value());
    return report ? *report : UndoReport{};
  }

  FixedClock clock_;
  base::SeededRandom random_{11};
  base::Zone zone_ = base::Zone::named("Asia/Shanghai").value();
  std::unique_ptr<event_log::Log> log_;

 private:
  template <typename Import>
  ImportReport run(Import import, std::string_view text, const ImportRequest& request) {
    TextSource file(text);
    auto report = import(means(), file, request);
    if (!report) {
      ADD_FAILURE() << code_of(report.error().fault) << " " << report.error().subject;
      return {};
    }
    EXPECT_EQ(report->counts.rows,
              report->counts.written + report->counts.repeated + report->counts.refused);
    return *report;
  }

  template <typename Visit>
  void each_event(const Visit& visit) {
    event_log::Position at;
    for (bool more = true; more;) {
      database().read([&](store::Session& session) {
        const auto types = log_->catalog().of(session);
        const auto reading = event_log::read_after(session, at, 5000);
        at = reading.through;
        more = reading.more;
        for (const auto& event : reading.events) visit(event, *types->find(event.type));
      });
    }
  }
};

}  // namespace intake
