#include "intake/event_file.h"

#include <atomic>
#include <functional>
#include <span>
#include <thread>

#include "customer/attribute.h"
#include "customer/identity.h"
#include "intake/import_fixture.h"

namespace intake {
namespace {

class EventFileTest : public ImportTest {};

TEST_P(EventFileTest, ImportsWithTypes) {
  const auto report = events(
      "customer,event,time,amount,sku,level,when,note,seconds:int\n"
      "a,order_paid,2026-01-31T08:00:00+08:00,12.5,007,3,2026-01-01,\"x, y\",\n"
      "b,order_paid,1769817600000,100,A1,4.5,2026-01-02,,60\n"
      "a,own_event,2026-01-31 08:00:00,7,008,5,2026-02-01,z,\n");
  EXPECT_EQ(told(report), "3 rows: 3 new, 0 repeated, 0 left out");
  EXPECT_EQ(report.customers_created, 2);
  EXPECT_EQ(logged(),
            "order_paid 2026-01-31T00:00:00.000Z "
            R"({"amount":"12.50","level":"3","note":"x, y","sku":"007","when":"2026-01-01"})"
            "\n"
            "order_paid 2026-01-31T00:00:00.000Z "
            R"({"amount":"100.00","level":"4.5","seconds":60,"sku":"A1","when":"2026-01-02"})"
            "\n"
            "own_event 2026-01-31T00:00:00.000Z "
            R"({"amount":7,"level":"5","note":"z","sku":"008","when":"2026-02-01"})"
            "\n");
  const auto types = log_->catalog().known();
  EXPECT_EQ(types->find("own_event")->find("when")->type, base::ValueType::date);
  EXPECT_EQ(types->find("own_event")->find("level")->type, base::ValueType::decimal);
  EXPECT_EQ(types->find("order_paid")->find("seconds")->type, base::ValueType::integer);
}

TEST_P(EventFileTest, ReportsWrongRowsAndTakesTheRest) {
  const auto report = events(
      "customer,event,time,amount,n:int\n"
      "a,order_paid,2026-01-31,abc,\n"          // 2
      ",order_paid,2026-01-31,1,\n"             // 3
      "a,,2026-01-31,1,\n"                      // 4
      "a,order_paid,,1,\n"                      // 5
      "a,order_paid,1999-13-01,1,\n"            // 6
      "a,order_paid,1969-12-31T23:59:59Z,1,\n"  // 7
      "a,order_paid,2027-09-23T00:00:00Z,1,\n"  // 8
      "a,order_paid,2026-01-31,1.38E+10,\n"     // 9
      "a,order_paid,2026-01-31,1,2,3\n"         // 10
      "a,order_paid,2026-01-31\n"               // 11
      "a,order_paid,2026-01-31,1.005,\n"        // 12
      "a,order_paid,2026-01-31,1,x\n"           // 13
      "1.38E+10,order_paid,2026-01-31,1,\n"     // 14
      "a,\"order_paid\"x,2026-01-31,1,\n"       // 15
      "a,attribute_changed,2026-01-31,,\n"      // 16
      "a,order_paid,2026-01-31,1,2\n");         // 17
  EXPECT_EQ(told(report),
            "16 rows: 2 new, 0 repeated, 14 left out; "
            "2:4 amount value.not_a_number; 3:1 customer intake.customer_missing; "
            "4:2 event intake.event_missing; 5:3 time intake.time_missing; "
            "6:3 time value.impossible_date; 7:3 time log.before_1970; "
            "8:3 time log.too_far_ahead; 9:4 amount value.scientific_notation; "
            "10:6  intake.too_many_fields; 11:4 amount intake.too_few_fields; "
            "12:4 amount value.too_many_places; 13:5 n value.not_a_number; "
            "14:1 customer value.scientific_notation; 15:2 event csv.text_after_quote");
  EXPECT_EQ(report.left_out_counts.at("value.not_a_number"), 2);
  const auto batch = database().read(
      [&](store::Session& session) { return event_log::find_batch(session, report.batch); });
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->state, event_log::BatchState::done);
  EXPECT_EQ(batch->file_name, "orders.csv");
  EXPECT_EQ(batch->counts.rows, 16);
  EXPECT_EQ(batch->counts.written, 2);
  EXPECT_EQ(batch->counts.refused, 14);
}

TEST_P(EventFileTest, NothingTwice) {
  const std::string_view file =
      "customer,event,time,amount,key\n"
      "a,order_paid,2026-01-31,1,\n"
      "a,order_paid,2026-01-31,1,\n"  // an equal row is another event
      "a,order_paid,2026-01-31,1,k1\n"
      "b,order_paid,2026-01-31,1,k1\n"  // the key is known
      "a,order_paid,2026-01-31,2,\n";
  ImportRequest dry = request();
  dry.dry_run = true;
  const auto tried = events(file, dry);
  EXPECT_EQ(told(tried), "5 rows: 4 new, 1 repeated, 0 left out");
  EXPECT_EQ(tried.batch.value, 0);
  EXPECT_EQ(logged(), "");
  EXPECT_EQ(persons(), 0);
  const auto first = events(file);
  EXPECT_EQ(told(first), "5 rows: 4 new, 1 repeated, 0 left out");
  EXPECT_EQ(told(events(file)), "5 rows: 0 new, 5 repeated, 0 left out");
  EXPECT_EQ(told(events("customer,event,time,amount\na,order_paid,2026-01-31,1\n"
                        "a,order_paid,2026-01-31,1\na,order_paid,2026-01-31,1\n")),
            "3 rows: 0 new, 3 repeated, 0 left out");  // one of them came with a key
  EXPECT_EQ(count("order_paid"), 4);
}

TEST_P(EventFileTest, ARepeatLeavesNoCustomerAndNoNameBehind) {
  events("customer,event,time,key\na,visit,1700000000000,k1\n");
  const auto again = events(
      "customer,event,time,key,colour\n"
      "stranger,strange,1700000000000,k1,red\n"  // a key of another file
      "b,visit,1700000000000,k2,\n"
      "other,strange,1700000000000,k2,red\n");  // a key of a row above
  EXPECT_EQ(told(again), "3 rows: 1 new, 2 repeated, 0 left out");
  EXPECT_EQ(again.customers_created, 1);
  EXPECT_EQ(persons(), 2);
  const auto types =
      database().read([&](store::Session& session) { return log_->catalog().of(session); });
  EXPECT_EQ(types->find("strange"), nullptr);
}

TEST_P(EventFileTest, ARowWithoutKeyBesideAnEqualOneWithKey) {
  const std::string file =
      "customer,event,time,amount,key\n"
      "a,order_paid,2026-01-31,1,k1\n"
      "a,order_paid,2026-01-31,1,k1\n"  // the same row once more
      "a,order_paid,2026-01-31,1,\n"    // another event
      "a,order_paid,2026-01-31,1,k2\n"
      "a,order_paid,2026-01-31,1,\n";
  EXPECT_EQ(told(events(file)), "5 rows: 4 new, 1 repeated, 0 left out");
  EXPECT_EQ(told(events(file)), "5 rows: 0 new, 5 repeated, 0 left out");
  EXPECT_EQ(count("order_paid"), 4);
}

TEST_P(EventFileTest, ManyRowsInManyUnits) {
  std::string file = "customer,event,time,n\n";
  for (int i = 0; i < 2500; ++i) {
    file += "c" + std::to_string(i % 700) + ",visit," + std::to_string(1'700'000'000'000 + i % 50) +
            "," + std::to_string(i % 3) + "\n";
  }
  std::vector<ImportProgress> told_progress;
  ImportRequest asked = request();
  asked.progress = [&](const ImportProgress& progress) { told_progress.push_back(progress); };
  EXPECT_EQ(told(events(file, asked)), "2500 rows: 2500 new, 0 repeated, 0 left out");
  EXPECT_EQ(persons(), 700);
  EXPECT_EQ(told(events(file)), "2500 rows: 0 new, 2500 repeated, 0 left out");
  ASSERT_GE(told_progress.size(), 4U);
  EXPECT_EQ(told_progress.back().bytes_done, told_progress.back().bytes_total);
  EXPECT_EQ(told_progress.back().rows, 2500);
  EXPECT_TRUE(
      std::is_sorted(told_progress.begin(), told_progress.end(),
                     [](const auto& a, const auto& b) { return a.bytes_done < b.bytes_done; }));
}

// A database lost half way: what was committed stays, and the same file goes on from there.
TEST_P(EventFileTest, GoesOnWhereItStopped) {
  std::string file = "customer,event,time,n\n";
  for (int i = 0; i < 12'500; ++i) {
    file += "c" + std::to_string(i % 90) + ",visit,1700000000000,1\n";
  }
  ImportRequest stopping = request();
  stopping.progress = [](const ImportProgress& progress) {
    if (progress.rows >= 10'000) throw store::Failure(store::FailureKind::unavailable, "lost");
  };
  TextSource source(file);
  EXPECT_THROW((void)import_events(means(), source, stopping), store::Failure);
  EXPECT_EQ(count("visit"), 10'000);
  const auto batches =
      database().read([](store::Session& session) { return event_log::list_batches(session, 9); });
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0].state, event_log::BatchState::cut_off);
  EXPECT_EQ(batches[0].counts.written, 10'000);
  EXPECT_EQ(told(events(file)), "12500 rows: 2500 new, 10000 repeated, 0 left out");
  undo(batches[0].id);
  EXPECT_EQ(count("visit"), 2500);
}

TEST_P(EventFileTest, SixteenAtOnceWriteEachRowOnce) {
  std::string file = "customer,event,time,n,key\n";
  for (int i = 0; i < 120; ++i) {
    file += "c" + std::to_string(i % 10) + ",visit,1700000000000,1," +
            (i % 3 == 0 ? "k" + std::to_string(i) : "") + "\n";
  }
  std::vector<std::thread> threads;
  std::atomic<std::int64_t> written = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    threads.emplace_back([&, seed] {
      base::SeededRandom own(seed);
      TextSource source(file);
      const auto report = import_events({database(), *log_, clock_, own, zone_}, source, request());
      if (report) written += report->counts.written;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(written, 120);
  EXPECT_EQ(count("visit"), 120);
  EXPECT_EQ(persons(), 10);
}

TEST_P(EventFileTest, ReadsOtherEncodings) {
  // 客户 buys 衣服, in GB18030 and with carriage returns alone.
  EXPECT_EQ(
      told(events("customer,event,time,what\r\xBF\xCD\xBB\xA7,buy,2026-01-01,\xD2\xC2\xB7\xFE")),
      "1 rows: 1 new, 0 repeated, 0 left out");
  EXPECT_EQ(logged(), "buy 2025-12-31T16:00:00.000Z {\"what\":\"衣服\"}\n");
  EXPECT_EQ(told(events("\xEF\xBB\xBF"
                        "customer,event,time,what\r\n客户,buy,2026-01-01,衣服\r\n")),
            "1 rows: 0 new, 1 repeated, 0 left out");
}

TEST_P(EventFileTest, UndoTakesItBackWhole) {
  events("customer,event,time\na,visit,2026-01-01\n");
  const std::string before = logged();
  const std::string_view file =
      "customer,event,time,key\na,visit,2026-01-02,\nb,visit,2026-01-03,k\n";
  const auto report = events(file);
  EXPECT_EQ(persons(), 2);
  const UndoReport undone = undo(report.batch);
  EXPECT_EQ(undone.batch.state, event_log::BatchState::undone);
  EXPECT_EQ(logged(), before);
  EXPECT_EQ(persons(), 1);
  EXPECT_EQ(told(events(file)), "2 rows: 2 new, 0 repeated, 0 left out");
  customer::ImportUndo follower(*log_, {.actor = {}, .now = clock_.now(), .source = "test"});
  std::vector<event_log::BatchFollower*> followers = {&follower};
  const auto again = undo_import({database(), *log_, clock_, followers}, report.batch);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error(), event_log::BatchFault::wrong_state);
}

// Does something of somebody else's whenever it is asked for the time.
class BusyClock final : public base::Clock {
 public:
  explicit BusyClock(std::function<void()> meanwhile) : meanwhile_(std::move(meanwhile)) {}
  base::Moment now() const override {
    meanwhile_();
    return FixedClock().at;
  }

 private:
  std::function<void()> meanwhile_;
};

TEST_P(EventFileTest, UndoTakesBackWhatARunningImportWritesUntilItIsClosed) {
  const base::BatchId batch{77};
  database().write("test.begin", [&](store::Unit& unit) {
    event_log::begin_batch(unit, {batch, "customers", "test.csv", "test", clock_.now()});
  });
  const auto import_city = [&](std::string_view key) {
    const base::CustomerId fresh{random_.id()};
    customer::WritingOptions how{.actor = {}, .now = clock_.now(), .source = "csv"};
    how.live = false;
    how.batch = batch;
    database().write("test.import", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, how);
      const auto made = customer::find_or_create(writing, {"customer", key}, fresh, {});
      ASSERT_TRUE(made.has_value());
      const customer::NewValue city{"city", base::Value(std::string("杭州")), {}, {}};
      EXPECT_EQ(customer::set_attributes(writing, fresh, std::span(&city, 1)), 1);
    });
  };
  import_city("a");
  const BusyClock clock([&] { import_city("b"); });
  customer::ImportUndo follower(*log_, {.actor = {}, .now = clock_.now(), .source = "test"});
  std::vector<event_log::BatchFollower*> followers = {&follower};
  const auto undone = undo_import({database(), *log_, clock, followers}, batch);
  ASSERT_TRUE(undone.has_value());
  EXPECT_EQ(undone->customers, 2);
  EXPECT_TRUE(undone->left_as_is.empty());
  EXPECT_EQ(persons(), 0);
}

TEST_P(EventFileTest, UndoTakesSomeHundredCustomersAtOnce) {
  std::string file = "customer,event,time\n";
  for (int i = 0; i < 1000; ++i) file += "c" + std::to_string(i) + ",visit,1700000000000\n";
  const auto report = events(file);
  events("customer,event,time\nc7,visit,1700000000001\nc990,visit,1700000000001\n");
  const std::int64_t before = database().health().units_committed;
  const UndoReport undone = undo(report.batch);
  EXPECT_EQ(undone.customers, 1000);
  EXPECT_LE(database().health().units_committed - before, 10);
  EXPECT_EQ(undone.left_as_is.size(), 2);
  EXPECT_EQ(persons(), 2);
}

TEST_P(EventFileTest, UndoReadsMoreThanOneStretch) {
  std::string file = "customer,event,time\n";
  const std::int64_t rows = event_log::kBatchRowsAtOnce + 1;
  for (std::int64_t i = 0; i < rows; ++i) {
    file += (i + 1 < rows ? "a,visit," : "b,visit,") + std::to_string(1'700'000'000'000 + i) + "\n";
  }
  const auto report = events(file);
  EXPECT_EQ(undo(report.batch).customers, 2);
  EXPECT_EQ(persons(), 0);
  EXPECT_EQ(logged(), "");
  EXPECT_EQ(told(events(file)), "5001 rows: 5001 new, 0 repeated, 0 left out");
}

// More rows than one unit has: "c0,visit,1700000000000", "c1,visit,1700000000001", …
std::string two_units_of_rows(int customers) {
  std::string file = "customer,event,time\n";
  for (int i = 0; i < 10'100; ++i) {
    file += "c" + std::to_string(i % customers) + ",visit," +
            std::to_string(1'700'000'000'000 + i) + "\n";
  }
  return file;
}

TEST_P(EventFileTest, StopsWhenItIsTakenBack) {
  const std::string file = two_units_of_rows(50);
  EXPECT_EQ(stopped(import_events, file, 10'000), "intake.taken_back after 10000 rows");
  EXPECT_EQ(stopped(import_events, file, 10'100), "intake.taken_back after 10100 rows");
  EXPECT_EQ(logged(), "");
  EXPECT_EQ(persons(), 0);
  EXPECT_EQ(told(events(file)), "10100 rows: 10100 new, 0 repeated, 0 left out");
}

// What one unit found out about customers is of no use to the next when somebody else has written.
TEST_P(EventFileTest, AKeyGivenToAnotherMeanwhileIsTheirs) {
  const std::string file = two_units_of_rows(50);
  base::CustomerId before;
  const base::CustomerId after{4711};
  ImportRequest watched = request();
  watched.progress = [&](const ImportProgress& progress) {
    if (progress.rows != 10'000 || before) return;
    before = database()
                 .read([](store::Session& session) { return customer::find_by_key(session, "c7"); })
                 ->customer;
    const customer::WritingOptions how{.actor = {}, .now = clock_.now(), .source = "test"};
    database().write("test.give", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, how);
      ASSERT_TRUE(customer::remove_identity(writing, before, {"customer", "c7"}, {}).has_value());
      const auto made = customer::find_or_create(writing, {"customer", "c7"}, after, {});
      ASSERT_TRUE(made.has_value());
    });
  };
  TextSource source(file);
  EXPECT_EQ(told(*import_events(means(), source, watched)),
            "10100 rows: 10100 new, 0 repeated, 0 left out");
  EXPECT_EQ(count_of(before, "visit"), 200);
  EXPECT_EQ(count_of(after, "visit"), 2);
}

TEST_P(EventFileTest, ARowThatCameMeanwhileIsKnown) {
  // So that the first unit already knows where its own rows begin.
  ASSERT_EQ(told(events("customer,event,time\nc0,visit,1\n")),
            "1 rows: 1 new, 0 repeated, 0 left out");
  const std::string file = two_units_of_rows(50);
  const std::string last = "customer,event,time\n" + file.substr(file.rfind("c49"));
  ImportRequest watched = request();
  watched.progress = [&](const ImportProgress& progress) {
    if (progress.rows == 10'000) {
      EXPECT_EQ(told(events(last)), "1 rows: 1 new, 0 repeated, 0 left out");
    }
  };
  TextSource source(file);
  EXPECT_EQ(told(*import_events(means(), source, watched)),
            "10100 rows: 10099 new, 1 repeated, 0 left out");
  EXPECT_EQ(told(events(file)), "10100 rows: 0 new, 10100 repeated, 0 left out");
}

TEST_P(EventFileTest, TypesSetEarlierStay) {
  events("customer,event,time,code\na,visit,2026-01-01,A1\n");
  const auto report = events("customer,event,time,code\na,visit,2026-01-02,17\n");
  EXPECT_EQ(report.wrong_types, 0);
  events("customer,event,time,size\na,visit,2026-01-03,5\n");
  EXPECT_EQ(events("customer,event,time,size\na,visit,2026-01-04,XL\n").wrong_types, 1);
  EXPECT_EQ(logged(),
            "visit 2025-12-31T16:00:00.000Z {\"code\":\"A1\"}\n"
            "visit 2026-01-01T16:00:00.000Z {\"code\":\"17\"}\n"
            "visit 2026-01-02T16:00:00.000Z {\"size\":5}\n"
            "visit 2026-01-03T16:00:00.000Z {\"size\":\"XL\"}\n");
}

TEST_P(EventFileTest, RefusesFilesAsAWhole) {
  const auto fault = [&](std::string_view text) {
    TextSource file(text);
    const auto report = import_events(means(), file, request());
    return report ? "" : std::string(code_of(report.error().fault)) + " " + report.error().subject;
  };
  EXPECT_EQ(fault(""), "intake.empty_file ");
  EXPECT_EQ(fault("customer,event\na,b\n"), "intake.missing_column time");
  EXPECT_EQ(fault("customer,event,time,x,x\n"), "intake.doubled_column x");
  EXPECT_EQ(fault("customer,event,time,source\n"), "intake.reserved_column source");
  EXPECT_EQ(fault("customer,event,time,a:float\n"), "intake.unknown_type a:float");
  const auto batches =
      database().read([](store::Session& session) { return event_log::list_batches(session, 9); });
  EXPECT_TRUE(batches.empty());
  EXPECT_EQ(told(events("customer,event,time\n")), "0 rows: 0 new, 0 repeated, 0 left out");
}

TEST_P(EventFileTest, CutAndSuspiciousFiles) {
  EXPECT_EQ(told(events("customer,event,time\na,pv,1511664909000\nb,pv,153")),
            "2 rows: 1 new, 0 repeated, 1 left out; 3:3 time intake.cut_last_line");
  EXPECT_EQ(told(events("customer,event,time,x\na,pv,1511664909001,1\nb,p")),
            "2 rows: 1 new, 0 repeated, 1 left out; 3:3 time intake.cut_last_line");
  EXPECT_TRUE(events("customer,event,time\na,pv,1511664909\n").times_look_like_seconds);
  EXPECT_FALSE(events("customer,event,time\na,pv,1511664909123\n").times_look_like_seconds);
  EXPECT_EQ(told(events("customer,event,time,key\na,pv,2026-01-01,1.38E+10\n")),
            "1 rows: 0 new, 0 repeated, 1 left out; 2:4 key value.scientific_notation");
  EXPECT_EQ(told(events("customer,event,time,ref\na,tag_added,2026-01-01,5\n")),
            "1 rows: 0 new, 0 repeated, 1 left out; 2:2 event intake.record_of_the_product");
}

TEST_P(EventFileTest, ExportsWhatImportsAgain) {
  events(
      "customer,event,time,amount:money,note,tags:text_list,amount:int\n"
      "客户,order_paid,2026-01-31,12.5,\"a \"\"b\"\"\",x|y,\n"
      "b,points_earned,2026-02-01,,\"two\nlines\",,30\n");
  CsvText out;
  EXPECT_EQ(export_events(export_means(), out.sink()).rows, 2);
  const std::string text = out.text();
  EXPECT_EQ(text,
            "\xEF\xBB\xBF"
            "customer,event,time,amount:int,amount:money,note:text,tags:text_list\r\n"
            "客户,order_paid,2026-01-30T16:00:00.000Z,,12.50,\"a \"\"b\"\"\",x|y\r\n"
            "b,points_earned,2026-01-31T16:00:00.000Z,30,,\"two\nlines\",\r\n");
  EXPECT_EQ(told(events(text)), "2 rows: 0 new, 2 repeated, 0 left out");
}

INSTANTIATE_TEST_SUITE_P(Both, EventFileTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
