// Tests with a log over both databases.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "log/log.h"
#include "log/reader.h"
#include "store/test_database.h"

namespace event_log {

inline constexpr base::Moment kTestNow{1'700'000'000'000};

inline NewEvent new_event(std::int64_t customer, std::string name,
                          std::string_view properties = "{}") {
  return {.customer = {customer},
          .name = std::move(name),
          .time = kTestNow,
          .properties = boost::json::parse(properties).as_object(),
          .key = std::nullopt,
          .ordinal = std::nullopt};
}

class LogFixture : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (!IsSkipped()) start();
  }
  void TearDown() override {
    log_.reset();
    DatabaseTest::TearDown();
  }

  void start() {
    log_ = std::make_unique<Log>(database());
    log_->prepare(kTestNow, random_);
  }
  // As after the end of the program.
  void restart() {
    log_.reset();
    test_database().reopen();
    start();
  }
  Log& log() { return *log_; }

  static Origin origin() {
    return {.source = "test", .liveness = Liveness::history, .now = kTestNow};
  }
  [[nodiscard]] base::Result<Appended, AppendError> append(const Origin& from,
                                                           const std::vector<NewEvent>& events) {
    return database().write("event.append",
                            [&](store::Unit& unit) { return log().append(unit, from, events); });
  }
  Appended append(const std::vector<NewEvent>& events) {
    auto appended = append(origin(), events);
    if (!appended) throw std::runtime_error(std::string(code_of(appended.error().fault)));
    return *appended;
  }
  Reading read(const Position& after = {}, std::int64_t limit = kReadEventsMax) {
    return database().read(
        [&](store::Session& session) { return read_after(session, after, limit); });
  }
  std::shared_ptr<const EventTypes> types() {
    return database().read([&](store::Session& session) { return log().catalog().of(session); });
  }
  // "name{properties} name{properties} …" of what readers see.
  std::string seen(const Position& after = {}) {
    std::string out;
    const auto known = types();
    for (const Event& event : read(after).events) {
      out += (out.empty() ? "" : " ") + known->find(event.type)->name + event.properties;
    }
    return out;
  }

 private:
  base::SeededRandom random_{7};
  std::unique_ptr<Log> log_;
};

}  // namespace event_log
