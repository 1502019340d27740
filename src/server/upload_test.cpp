// A file through the whole program: sent, mapped, imported in the background, gone.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <latch>
#include <mutex>

#include "intake/import.h"
#include "intake/xlsx_fixture.h"
#include "server/app_fixture.h"

namespace server {
namespace {

namespace json = boost::json;

// The machine's clock, set forward.
class MovedClock final : public base::Clock {
 public:
  base::Moment now() const override { return machine_.now() + ahead; }
  base::Duration ahead{0};

 private:
  base::SystemClock machine_;
};

// Holds whoever draws the n-th from now until it is let go.
class HeldRandom final : public base::Random {
 public:
  void fill(std::span<std::byte> bytes) override {
    {
      std::unique_lock lock(mutex_);
      if (draws_left_ > 0 && --draws_left_ == 0) {
        held_ = true;
        changed_.notify_all();
        changed_.wait_for(lock, kFailsafe, [&] { return !held_; });
      }
    }
    machine_.fill(bytes);
  }
  void hold_at(int draws) {
    const std::lock_guard lock(mutex_);
    draws_left_ = draws;
  }
  bool wait_until_held() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kFailsafe, [&] { return held_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int draws_left_ = 0;
  bool held_ = false;
  base::SystemRandom machine_;
};

class UploadTest : public AppFixture {
 protected:
  const base::Clock& clock() const override { return clock_; }
  base::Random& random() override { return held_random_; }
  void SetUp() override {
    AppFixture::SetUp();
    uploads_ = std::filesystem::path(options_.folder) / "uploads";
  }

  json::value ended(const std::string& path) { return no_longer("importing", path); }
  std::ptrdiff_t files() const {
    if (!std::filesystem::exists(uploads_)) return 0;
    return std::distance(std::filesystem::directory_iterator(uploads_), {});
  }

  // A unit of another process, as PostgreSQL sees it, from `running` to `go_on`.
  void hold_unit(std::latch& running, std::latch& go_on) {
    const auto other = store::open_postgresql({.url = options_.database_url, .connections = 1});
    other->write("test.hold", [&](store::Unit& unit) {
      unit.execute("create temporary table held (id bigint)", {});
      running.count_down();
      go_on.wait();
    });
  }

  MovedClock clock_;
  HeldRandom held_random_;
  std::filesystem::path uploads_;
};

TEST_P(UploadTest, AFileIsLookedAtMappedAndImported) {
  const std::string file = "手机号,姓名,生日\n14200000001,林晓,1990-01-01\n142****0002,王,\n";
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=people.csv", file, 201);
  EXPECT_EQ(sent.at("state"), "ready");
  EXPECT_EQ(sent.at("recognised"), "any");
  EXPECT_EQ(sent.at("rows"), 2);
  EXPECT_EQ(sent.at("columns").at(2).at("type"), "date");
  EXPECT_EQ(sent.at("columns").at(2).at("filled"), 1);
  EXPECT_EQ(sent.at("preview").at("made"), 1);
  EXPECT_EQ(sent.at("preview").at("unusable").at(0).at("code"), "intake.identity_masked");
  EXPECT_EQ(files(), 1);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  // Without an identity there is nothing to see and nothing to import.
  const json::value wrong = ask(
      net::Method::put, path + "/mapping",
      R"({"kind":"customers","columns":[{"column":"姓名","as":"attribute","name":"name"}]})", 200);
  EXPECT_EQ(wrong.at("problems").at(0).at("code"), "mapping.no_customer");
  EXPECT_TRUE(wrong.at("preview").is_null());
  ask(net::Method::post, path + "/import", "{}", 202);
  const json::value failed = ended(path);
  EXPECT_EQ(failed.at("state"), "failed");
  EXPECT_EQ(failed.at("fault"), "mapping.no_customer");
  ask(net::Method::put, path + "/mapping", json::serialize(sent.at("mapping")), 200);
  ask(net::Method::post, path + "/import", R"({"dry_run":true})", 202);
  EXPECT_EQ(ended(path).at("report").at("rows_imported"), 1);
  EXPECT_EQ(files(), 1);
  ask(net::Method::post, path + "/import", "{}", 202);
  const json::value done = ended(path);
  EXPECT_EQ(done.at("state"), "done");
  EXPECT_EQ(done.at("report").at("customers_created"), 1);
  EXPECT_EQ(files(), 0);
  ask(net::Method::post, path + "/import", "{}", 409);
  ask(net::Method::post, path + "/stop", "{}", 404);
  const json::value imports = ask(net::Method::get, "/api/v1/imports", "", 200);
  EXPECT_EQ(imports.at("imports").at(0).at("file"), "people.csv");
}

TEST_P(UploadTest, AFileThatIsNoTableIsNotKept) {
  const json::value refused =
      ask(net::Method::post, "/api/v1/uploads?file=a.xlsx", "%PDF-1.7 and so on", 422);
  EXPECT_EQ(refused.at("code"), "intake.no_table");
  EXPECT_EQ(files(), 0);
  ask(net::Method::post, "/api/v1/uploads?file=a.csv", "", 422);
  EXPECT_EQ(files(), 0);
}

TEST_P(UploadTest, WhatIsLeftGoesWithTheProgram) {
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=a.csv", "phone\n1\n", 201);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  EXPECT_EQ(send(net::Method::del, path, "").status, 204);
  EXPECT_EQ(files(), 0);
  ask(net::Method::get, path, "", 404);
  ask(net::Method::post, "/api/v1/uploads?file=a.csv", "phone\n1\n", 201);
  EXPECT_EQ(files(), 1);
  app_.reset();
  EXPECT_EQ(files(), 0);
}

// What the preview says is what the import does: the date that does not exist is left out alone.
TEST_P(UploadTest, AnImpossibleDateInAColumnWithoutType) {
  const std::string file =
      "手机号,纪念日\n14200000001,2020-01-31\n14200000002,1999-13-01\n14200000003,2020-02-29\n";
  const std::string mapping =
      R"({"kind":"customers","columns":[{"column":"手机号","as":"identity","name":"phone"},)"
      R"({"column":"纪念日","as":"attribute","name":"anniversary"}]})";
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=a.csv", file, 201);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  const json::value seen = ask(net::Method::put, path + "/mapping", mapping, 200);
  EXPECT_EQ(seen.at("preview").at("made"), 3);
  EXPECT_EQ(seen.at("preview").at("values_left_out").at(0).at("code"), "value.impossible_date");
  EXPECT_EQ(seen.at("preview").at("values_left_out").at(0).at("line"), 3);
  ask(net::Method::post, path + "/import", "{}", 202);
  const json::value report = ended(path).at("report");
  EXPECT_EQ(report.at("rows_imported"), 3);
  EXPECT_EQ(report.at("rows_left_out"), 0);
  EXPECT_EQ(report.at("values_left_out"), seen.at("preview").at("values_left_out"));
  EXPECT_EQ(report.at("columns").at(0).at("type"), "date");
}

TEST_P(UploadTest, TellsHowTheBytesWereRead) {
  const auto told = [&](const std::string& bytes) {
    const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=a.csv", bytes, 201);
    EXPECT_EQ(sent.at("columns").as_array().size(), 2U);
    EXPECT_TRUE(sent.at("sheet").is_null());
    return std::string(sent.at("encoding").as_string()) + " " +
           std::string(sent.at("delimiter").as_string());
  };
  EXPECT_EQ(told("手机号,姓名\n14200000001,林晓\n"), "UTF-8 ,");
  EXPECT_EQ(told("手机号;姓名\n14200000001;林,晓\n"), "UTF-8 ;");
  EXPECT_EQ(told("\xCA\xD6\xBB\xFA\xBA\xC5\t\xD0\xD5\xC3\xFB\n1\t\xC1\xD6\n"), "GB18030 \t");
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(told(std::string("\xFF\xFE\t\0a\0\n\0"sv).insert(2, "b\0"sv)), "UTF-16LE \t");
}

std::string sheet_of(std::string_view header, std::string_view value) {
  const auto row = [](int line, std::string_view text) {
    const std::string number = std::to_string(line);
    return "<row r=\"" + number + "\"><c r=\"A" + number + "\" t=\"inlineStr\"><is><t>" +
           std::string(text) + "</t></is></c></row>";
  };
  return "<worksheet><sheetData>" + row(1, header) + row(2, value) + "</sheetData></worksheet>";
}

TEST_P(UploadTest, AnotherSheetIsAnotherTable) {
  intake::Book book("");
  book.part("xl/worksheets/sheet1.xml", sheet_of("手机号", "14200000001"));
  book.part("xl/worksheets/sheet2.xml", sheet_of("备注", "x"));
  book.part("xl/workbook.xml",
            R"(<workbook xmlns:r="r"><sheets><sheet name="客户" sheetId="1" r:id="1"/>)"
            R"(<sheet name="旧" sheetId="2" r:id="2"/></sheets></workbook>)");
  book.part("xl/_rels/workbook.xml.rels",
            R"(<Relationships>)"
            R"(<Relationship Id="1" Type="a/worksheet" Target="worksheets/sheet1.xml"/>)"
            R"(<Relationship Id="2" Type="a/worksheet" Target="worksheets/sheet2.xml"/>)"
            R"(</Relationships>)");
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=a.xlsx", book.bytes(), 201);
  EXPECT_EQ(sent.at("sheet"), "客户");
  EXPECT_TRUE(sent.at("encoding").is_null());
  EXPECT_EQ(sent.at("sheets").as_array().size(), 2U);
  EXPECT_EQ(sent.at("preview").at("made"), 1);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  const json::value other = ask(net::Method::put, path + "/sheet", R"({"sheet":"旧"})", 200);
  EXPECT_EQ(other.at("sheet"), "旧");
  EXPECT_EQ(other.at("columns").at(0).at("name"), "备注");
  EXPECT_EQ(other.at("problems").at(0).at("code"), "mapping.no_customer");
  ask(net::Method::put, path + "/sheet", R"({"sheet":"nothing"})", 422);
  EXPECT_EQ(ask(net::Method::get, path, "", 200).at("sheet"), "旧");
  // What is imported is the sheet that was chosen.
  ask(net::Method::put, path + "/sheet", R"({"sheet":"客户"})", 200);
  ask(net::Method::post, path + "/import", "{}", 202);
  EXPECT_EQ(ended(path).at("report").at("rows_imported"), 1);
}

TEST_P(UploadTest, TellsWhatWasMetInASheet) {
  intake::Book book("");
  book.sheet(R"(<cols><col min="2" max="2" hidden="1"/></cols><sheetData>)"
             R"(<row r="1"><c r="A1" t="inlineStr"><is><t>手机号</t></is></c>)"
             R"(<c r="B1" t="inlineStr"><is><t>姓名</t></is></c>)"
             R"(<c r="C1" t="inlineStr"><is><t>会员号</t></is></c></row>)"
             R"(<row r="2" hidden="1"><c r="A2"><v>14200000001</v></c><c r="B2"><f>A1</f></c>)"
             R"(<c r="C2"><v>12345678901234567890</v></c></row></sheetData>)"
             R"(<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>)");
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=a.xlsx", book.bytes(), 201);
  EXPECT_EQ(
      sent.at("notes"),
      json::parse(R"({"formulas":1,"formulas_without_value":1,"errors":0,"dates":0,)"
                  R"("digits_lost":1,"merged_ranges":1,"hidden_rows":1,"hidden_columns":1})"));
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  ask(net::Method::post, path + "/import", "{}", 202);
  const json::value done = ended(path);
  EXPECT_EQ(done.at("report").at("sheet").at("formulas_without_value"), 1);
  EXPECT_EQ(done.at("report").at("sheet").at("hidden"), false);
  const json::value text = ask(net::Method::post, "/api/v1/uploads?file=a.csv", "电话\n1\n", 201);
  EXPECT_TRUE(text.at("notes").is_null());
}

TEST_P(UploadTest, AnImportThatIsStoppedStaysAsFarAsItWasAndCanBeTakenBack) {
  constexpr std::int64_t kUnit = intake::kCustomerRowsAtOnce;
  constexpr std::int64_t kFirst = 14'200'000'000;
  std::string file = "手机号\n";
  for (std::int64_t i = 0; i < 3 * kUnit; ++i) file += std::to_string(kFirst + i) + "\n";
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=a.csv", file, 201);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  // Each row draws an id before its unit: the second is not begun.
  held_random_.hold_at(static_cast<int>(kUnit) + 50);
  ask(net::Method::post, path + "/import", "{}", 202);
  ASSERT_TRUE(held_random_.wait_until_held());
  EXPECT_EQ(ask(net::Method::get, path, "", 200).at("progress").at("rows"), kUnit);
  ask(net::Method::post, path + "/stop", "{}", 200);
  held_random_.let_go();
  const json::value report = ended(path).at("report");
  EXPECT_EQ(report.at("stop_asked"), true);
  EXPECT_EQ(report.at("state"), "stopped");
  EXPECT_EQ(report.at("rows_imported"), 2 * kUnit);
  const std::string customer = "/api/v1/customers/phone:";
  ask(net::Method::get, customer + std::to_string(kFirst), "", 200);
  ask(net::Method::get, customer + std::to_string(kFirst + 2 * kUnit - 1), "", 200);
  ask(net::Method::get, customer + std::to_string(kFirst + 2 * kUnit), "", 404);
  const std::string import = std::to_string(report.at("id").as_int64());
  EXPECT_EQ(ask(net::Method::get, "/api/v1/imports/" + import, "", 200).at("state"), "stopped");
  // Answered before it is done where it takes long.
  const net::Response undo = send(net::Method::post, "/api/v1/imports/" + import + "/undo", "{}");
  EXPECT_TRUE(undo.status == 200 || undo.status == 202) << undo.body;
  EXPECT_EQ(no_longer("undoing", "/api/v1/imports/" + import).at("state"), "undone");
  ask(net::Method::get, customer + std::to_string(kFirst), "", 404);
}

// What was refunded is told by the orders, which nobody has asked about yet. While they cannot know
// all that is in the log (on PostgreSQL a unit is still running) the import is refused.
TEST_P(UploadTest, NothingIsRefundedTwiceThoughTheOrdersAreBehind) {
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=orders.csv",
                               "no,tel,paid_at,refunded\nn1,14200000001,2026-06-19 10:01,5\n", 201);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  const std::string mapping =
      R"({"kind":"orders","order":"no",
          "columns":[{"column":"tel","as":"identity","name":"phone"}],
          "events":[{"event":"order_refunded","time":{"columns":["paid_at"]},
                     "amount":"refunded"}]})";
  ask(net::Method::put, path + "/mapping", mapping, 200);
  std::latch running(1);
  std::latch go_on(1);
  const bool is_held = GetParam() == store::Dialect::postgresql;
  std::thread other;
  if (is_held) {
    other = std::thread([&] { hold_unit(running, go_on); });
    running.wait();
  }
  ask(net::Method::post, "/api/v1/events", R"({"mode": "history", "events": [
      {"customer": "phone:14200000001", "event": "order_refunded", "time": "2026-06-18T00:00:00Z",
       "properties": {"order_id": "n1", "amount": "3.30"}}]})",
      201);
  if (is_held) {
    ask(net::Method::post, path + "/import", "{}", 202);
    const json::value refused = ended(path);
    EXPECT_EQ(refused.at("state"), "failed");
    EXPECT_EQ(refused.at("fault"), "api.position_not_reached");
  }
  go_on.count_down();
  if (is_held) other.join();
  ask(net::Method::post, path + "/import", "{}", 202);
  EXPECT_EQ(ended(path).at("report").at("rows_imported"), 1);
  EXPECT_EQ(ask(net::Method::get, "/api/v1/orders/n1", "", 200).at("refunded"), "5.00");
  // The preview of a newer file shows what is new of the refund.
  const json::value newer =
      ask(net::Method::post, "/api/v1/uploads?file=newer.csv",
          "no,tel,paid_at,refunded\nn1,14200000001,2026-06-19 10:01,8\n", 201);
  const json::value seen = ask(
      net::Method::put, "/api/v1/uploads/" + std::to_string(newer.at("id").as_int64()) + "/mapping",
      mapping, 200);
  EXPECT_EQ(seen.at("preview").at("refunds_known"), true);
  EXPECT_EQ(seen.at("preview").at("rows").at(0).at("fields").as_array().back(), "3.00");
}

// Its rows are all imported; who says that the first names the columns is believed.
TEST_P(UploadTest, AFileWithoutHeaderLosesNoRow) {
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=bare.csv",
                               "林晓,14200000001,1990-01-01\n王一,14200000002,1991-01-01\n", 201);
  EXPECT_EQ(sent.at("header"), false);
  EXPECT_EQ(sent.at("rows"), 2);
  EXPECT_EQ(sent.at("columns").at(1).at("name"), "#2");
  EXPECT_EQ(sent.at("mapping").at("header"), false);
  EXPECT_EQ(sent.at("preview").at("made"), 2);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  const json::value named = ask(
      net::Method::put, path + "/mapping",
      R"({"kind":"customers","columns":[{"column":"14200000001","as":"identity","name":"phone"}]})",
      200);
  EXPECT_EQ(named.at("header"), true);
  EXPECT_EQ(named.at("rows"), 1);
  EXPECT_EQ(named.at("columns").at(0).at("name"), "林晓");
  ask(net::Method::put, path + "/mapping",
      R"({"kind":"customers","header":false,
          "columns":[{"column":"#2","as":"identity","name":"phone"},
                     {"column":"#1","as":"attribute","name":"name","type":"text"}]})",
      200);
  ask(net::Method::post, path + "/import", "{}", 202);
  EXPECT_EQ(ended(path).at("report").at("customers_created"), 2);
}

TEST_P(UploadTest, AFileThatIsLeftIsFoundAgainAndGoesAfterADay) {
  const json::value sent = ask(net::Method::post, "/api/v1/uploads?file=a.csv", "电话\n1\n", 201);
  const std::string path = "/api/v1/uploads/" + std::to_string(sent.at("id").as_int64());
  ask(net::Method::put, path + "/mapping",
      R"({"kind":"customers","columns":[{"column":"电话","as":"identity","name":"phone"}]})", 200);
  clock_.ahead = base::Duration{base::kDay.ms - base::kMinute.ms};
  const json::value found = ask(net::Method::get, "/api/v1/uploads", "", 200);
  EXPECT_EQ(found.at("uploads").at(0).at("file"), "a.csv");
  const json::value mapping = ask(net::Method::get, path, "", 200).at("mapping");
  EXPECT_EQ(mapping.at("columns").as_array().size(), 1U);
  clock_.ahead = base::Duration{base::kDay.ms};
  ask(net::Method::get, path, "", 404);
  EXPECT_EQ(files(), 0);
  const json::value gone = ask(net::Method::get, "/api/v1/uploads", "", 200);
  EXPECT_TRUE(gone.at("uploads").as_array().empty());
}

INSTANTIATE_TEST_SUITE_P(Both, UploadTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
