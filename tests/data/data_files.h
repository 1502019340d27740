// The files of ../shared/data and the whole program to take them, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "server/app.h"
#include "store/test_database.h"
#include "store/test_folder.h"

namespace data {

namespace json = boost::json;
namespace fs = std::filesystem;

inline const fs::path kData = fs::path(SIYU_SOURCE_DIR) / "../shared/data";

inline std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

// The file itself, or `folder`'s copy without the gzip that its name tells of.
inline fs::path unpacked(const fs::path& path, const fs::path& folder) {
  if (path.extension() != ".gz") return path;
  const fs::path plain = folder / path.stem();
  const std::string command = "gzip -dc '" + path.string() + "' > '" + plain.string() + "'";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("gzip failed");
  return plain;
}

inline std::vector<std::string> lines_of(const fs::path& path, const fs::path& folder) {
  std::vector<std::string> lines;
  std::ifstream in(unpacked(path, folder));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

// Fields of a CSV line without line ends inside quotes.
inline std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

// Skips, saying so, where the files are absent.
class DataTest : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    if (!fs::exists(kData / "facts.json")) GTEST_SKIP() << "../shared/data is absent";
    facts_ = json::parse(read_file(kData / "facts.json"));
    server::AppOptions options{.folder = folder_.path() + "/data"};
    if (GetParam() == store::Dialect::postgresql) {
      if (const std::string why = store::postgresql_missing(); !why.empty()) GTEST_SKIP() << why;
      postgresql_ = std::make_unique<store::TestDatabase>(store::Dialect::postgresql);
      options.database_url = postgresql_->place();
    }
    app_ = std::make_unique<server::App>(options, clock_, random_);
  }

  json::value ask(const std::string& target, const json::object& body) {
    return send(net::Method::post, target, json::serialize(body));
  }
  json::value send(net::Method method, const std::string& target, std::string body) {
    net::Request request;
    request.method = method;
    request.local = true;
    request.remote = "local";
    request.headers.set("Content-Type", "application/json");
    EXPECT_TRUE(net::set_target(request, target));
    request.body = std::move(body);
    const net::Response response = app_->handle(request);
    EXPECT_LT(response.status, 300) << response.body;
    return json::parse(response.body);
  }

  std::int64_t count(const std::string& rule) {
    return ask("/api/v1/rules/count", {{"rule", rule}}).at("count").as_int64();
  }

  store::TemporaryFolder folder_;
  std::unique_ptr<store::TestDatabase> postgresql_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<server::App> app_;
  json::value facts_;
};

}  // namespace data
