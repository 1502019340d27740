// What tests of the whole program share: an App on a place of its own in either database, and a
// request as the command line makes it.
//
// The App ends in TearDown, before any member of a derived fixture: its threads may use them.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "server/app.h"
#include "store/test_database.h"
#include "store/test_folder.h"

namespace server {

// Nothing a test waits for takes this long unless it is broken.
inline constexpr std::chrono::seconds kFailsafe{20};

class AppFixture : public ::testing::TestWithParam<store::Dialect> {
 protected:
  // Skips without PostgreSQL. What a test wants of `options_` is set before it is called.
  void SetUp() override {
    const bool sqlite = GetParam() == store::Dialect::sqlite;
    if (!sqlite && !store::postgresql_missing().empty()) {
      GTEST_SKIP() << store::postgresql_missing();
    }
    place_ = std::make_unique<store::TestDatabase>(GetParam());
    place_->close();
    options_.folder = sqlite ? place_->place() : folder_.path();
    if (!sqlite) options_.database_url = place_->place();
    app_ = std::make_unique<App>(options_, clock(), random());
  }
  void TearDown() override { app_.reset(); }

  // The App's clock: the system's, unless a fixture has one of its own.
  virtual const base::Clock& clock() const { return system_clock_; }
  virtual base::Random& random() { return random_; }  // as the clock

  // Asked over the socket of the folder, in English, with a JSON body.
  static net::Request request(net::Method method, std::string_view target, std::string body) {
    net::Request out;
    out.method = method;
    EXPECT_TRUE(net::set_target(out, target));
    out.local = true;
    out.headers.set("Content-Type", "application/json");
    out.headers.set("Accept-Language", "en");
    out.body = std::move(body);
    return out;
  }
  net::Response send(net::Method method, std::string_view target, std::string body) {
    return app_->handle(request(method, target, std::move(body)));
  }
  // What is answered, null for nothing; the status is expected.
  boost::json::value ask(net::Method method, const std::string& target, const std::string& body,
                         int status) {
    const net::Response response = send(method, target, body);
    EXPECT_EQ(response.status, status) << target << " " << response.body;
    return response.body.empty() ? boost::json::value() : boost::json::parse(response.body);
  }
  // What works in the background, read at `path` until its state is another.
  boost::json::value no_longer(std::string_view state, const std::string& path) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
      boost::json::value read = ask(net::Method::get, path, "", 200);
      if (read.at("state").as_string() != state) return read;
      if (std::chrono::steady_clock::now() - begin > kFailsafe) {
        ADD_FAILURE() << "it does not end";
        return read;
      }
      std::this_thread::yield();
    }
  }

  base::SystemClock system_clock_;
  base::SystemRandom random_;
  AppOptions options_;
  std::unique_ptr<App> app_;

 private:
  store::TemporaryFolder folder_;
  std::unique_ptr<store::TestDatabase> place_;
};

}  // namespace server
