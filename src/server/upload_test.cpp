// A file through the whole program: sent, mapped, imported in the background, gone.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "server/app_fixture.h"

namespace server {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kFailsafe{20};  // nothing below waits this long unless it is broken

class UploadTest : public AppFixture {
 protected:
  void SetUp() override {
    AppFixture::SetUp();
    uploads_ = std::filesystem::path(options_.folder) / "uploads";
  }

  json::value ask(net::Method method, const std::string& target, const std::string& body,
                  int status) {
    const net::Response response = send(method, target, body);
    EXPECT_EQ(response.status, status) << target << " " << response.body;
    return response.body.empty() ? json::value() : json::parse(response.body);
  }
  json::value ended(const std::string& path) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
      json::value upload = ask(net::Method::get, path, "", 200);
      if (upload.at("state") != "importing") return upload;
      if (std::chrono::steady_clock::now() - begin > kFailsafe) {
        ADD_FAILURE() << "it does not end";
        return upload;
      }
      std::this_thread::yield();
    }
  }
  std::ptrdiff_t files() const {
    if (!std::filesystem::exists(uploads_)) return 0;
    return std::distance(std::filesystem::directory_iterator(uploads_), {});
  }

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

INSTANTIATE_TEST_SUITE_P(Both, UploadTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
