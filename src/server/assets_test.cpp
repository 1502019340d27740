#include "server/assets.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/test_database.h"

namespace server {
namespace {

class AssetsTest : public ::testing::Test {
 protected:
  AssetsTest() : assets_(folder_.path(), random_) {
    std::filesystem::create_directories(folder_.path() + "/assets");
    std::ofstream(folder_.path() + "/index.html") << "<meta nonce=\"__CSP_NONCE__\">";
    std::ofstream(folder_.path() + "/assets/a.js") << "1";
  }

  net::Response get(const std::string& target, net::Method method = net::Method::get) {
    net::Request request;
    request.method = method;
    EXPECT_TRUE(net::set_target(request, target)) << target;
    return assets_.answer(request);
  }

  store::TemporaryFolder folder_;
  base::SeededRandom random_{1};
  Assets assets_;
};

TEST_F(AssetsTest, AddressesOfTheConsoleAreThePage) {
  for (const char* target : {"/", "/people/c_1", "/index.html", "/setup"}) {
    EXPECT_EQ(get(target).status, 200) << target;
    EXPECT_TRUE(get(target).body.starts_with("<meta")) << target;
  }
}

TEST_F(AssetsTest, EveryPageHasANonceOfItsOwnInTextAndPolicy) {
  const net::Response first = get("/");
  const net::Response second = get("/");
  EXPECT_EQ(first.body.find("__CSP_NONCE__"), std::string::npos);
  EXPECT_NE(first.body, second.body);
  const std::string nonce = first.body.substr(13, first.body.size() - 15);
  const std::string policy(first.headers.find("Content-Security-Policy").value_or(""));
  EXPECT_NE(policy.find("'nonce-" + nonce + "'"), std::string::npos) << policy;
}

TEST_F(AssetsTest, FilesAreFilesAndMissingOnesAreNot) {
  EXPECT_EQ(get("/assets/a.js").body, "1");
  EXPECT_EQ(get("/assets/b.js").status, 404);
  EXPECT_EQ(get("/assets/..%2f..%2fsecret.txt").status, 404);
  EXPECT_EQ(get("/", net::Method::post).status, 405);
}

TEST_F(AssetsTest, TheTrackerIsForPagesOfAnyOrigin) {
  const net::Response tracker = get("/siyu.js");
  EXPECT_EQ(tracker.status, 200);
  EXPECT_EQ(tracker.headers.find("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(tracker.headers.find("Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_NE(tracker.fixed_body.find("sendBeacon"), std::string_view::npos);
  EXPECT_FALSE(get("/assets/a.js").headers.find("Cross-Origin-Resource-Policy"));
}

TEST_F(AssetsTest, EmbeddedFilesComeAsSmallAsTheBrowserTakesThem) {
  const auto tracker = [&](std::string_view accepted) {
    net::Request request;
    EXPECT_TRUE(net::set_target(request, "/siyu.js"));
    request.headers.set("Accept-Encoding", accepted);
    return assets_.answer(request);
  };
  const net::Response plain = tracker("");
  const net::Response brotli = tracker("gzip, deflate, br");
  const net::Response gzip = tracker("gzip, deflate");
  EXPECT_FALSE(plain.headers.find("Content-Encoding"));
  EXPECT_EQ(brotli.headers.find("Content-Encoding"), "br");
  EXPECT_EQ(gzip.headers.find("Content-Encoding"), "gzip");
  EXPECT_TRUE(gzip.fixed_body.starts_with("\x1f\x8b"));
  EXPECT_LT(gzip.fixed_body.size(), plain.fixed_body.size() / 2);
  EXPECT_LT(brotli.fixed_body.size(), gzip.fixed_body.size());
  EXPECT_EQ(gzip.headers.find("Vary"), "Accept-Encoding");
}

TEST(SecurityHeaders, AreOnEveryAnswerAndKeepAPagesOwnPolicy) {
  net::Response response;
  response.headers.set("Content-Security-Policy", "own");
  set_security_headers(response);
  EXPECT_EQ(response.headers.find("Content-Security-Policy"), "own");
  EXPECT_EQ(response.headers.find("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.headers.find("X-Frame-Options"), "DENY");
}

}  // namespace
}  // namespace server
