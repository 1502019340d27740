// Taking back a large import goes on in the server after it has answered: who asked waits for its
// end, is told once how much it is, and learns what was kept. Against a server of its own, whose
// answers are those of api/import.cpp.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "net/http_server.h"
#include "store/test_folder.h"

namespace cli {
namespace {

constexpr const char* kId = "1118955350141532";

std::string import_json(const std::string& state, const std::string& undo) {
  return std::string(R"({"id":)") + kId + R"(,"state":")" + state + "\"" + undo + "}";
}
std::string undo_json(bool failed, const std::string& kept) {
  return std::string(R"(,"undo":{"customers":1200,"done":400,"failed":)") +
         (failed ? "true" : "false") + R"(,"kept":[)" + kept + "]}";
}

class UndoTest : public ::testing::Test {
 protected:
  // `ends`: what the import is like when it is looked at for the second time.
  void serve(const std::string& ends) {
    std::filesystem::create_directory(folder_.path() + "/data");
    net::HttpServerOptions options;
    options.socket_path = folder_.path() + "/data/siyu.sock";
    options.handler_threads = 2;
    options.handle = [this, ends](const net::Request& request) {
      if (request.path == "/api/v1/health") return json(200, "{}");
      if (request.method == net::Method::post) {
        ++asked_;
        return json(202, R"({"import":)" + import_json("undoing", "") + R"(,"kept":[]})");
      }
      if (++looked_ == 1) return json(200, import_json("undoing", undo_json(false, "")));
      return json(200, ends);
    };
    auto server = net::HttpServer::start(std::move(options));
    ASSERT_TRUE(server.has_value());
    server_ = std::move(*server);
  }
  static net::Response json(int status, std::string body) {
    return net::make_response(status, "application/json", std::move(body));
  }
  std::pair<int, std::string> undo(const std::string& more = "") {
    const std::string line = std::string("LC_ALL=C ") + SIYU_PROGRAM + " import undo " + kId +
                             more + " --data " + folder_.path() + "/data 2>&1 </dev/null";
    std::string out;
    FILE* pipe = ::popen(line.c_str(), "r");
    char part[4096];
    while (std::size_t got = std::fread(part, 1, sizeof part, pipe)) out.append(part, got);
    return {WEXITSTATUS(::pclose(pipe)), out};
  }

  store::TemporaryFolder folder_;
  std::atomic<int> asked_ = 0;
  std::atomic<int> looked_ = 0;
  std::unique_ptr<net::HttpServer> server_;
};

TEST_F(UndoTest, WaitsForTheEndAndTellsWhatWasKept) {
  serve(import_json("undone",
                    undo_json(false, R"({"customer":"c_42","kind":"tag","name":"VIP"},)"
                                     R"({"customer":"c_43","kind":"customer","name":""})")));
  const auto [status, out] = undo();
  EXPECT_EQ(status, 0) << out;
  EXPECT_EQ(
      out,
      "note: taking back what 1200 customers had of it; ending this command does not stop it\n"
      "import 1118955350141532 has been taken back\n"
      "  left as it is, others have changed it since: c_42, tag VIP\n"
      "  left as it is: customer c_43, others have written to it since\n");
  EXPECT_EQ(asked_.load(), 1);
  EXPECT_EQ(looked_.load(), 2);
}

TEST_F(UndoTest, AsJsonTellsTheEndAlone) {
  serve(import_json("undone", undo_json(false, "")));
  const auto [status, out] = undo(" --json");
  EXPECT_EQ(status, 0) << out;
  EXPECT_NE(out.find("\"undone\""), std::string::npos) << out;
  EXPECT_EQ(out.find("undoing"), std::string::npos) << out;
}

TEST_F(UndoTest, OneThatWasCutOffSaysToRunItAgain) {
  serve(import_json("undoing", undo_json(true, "")));
  const auto [status, out] = undo();
  EXPECT_EQ(status, 1) << out;
  EXPECT_NE(out.find("run the command again"), std::string::npos) << out;
}

}  // namespace
}  // namespace cli
