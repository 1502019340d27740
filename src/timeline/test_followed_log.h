// For tests of what follows the log: a log on either database, customers made and events told as
// the product does it. Not thread safe, but for did().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "customer/erase.h"
#include "customer/identity.h"
#include "customer/writing.h"
#include "log/log.h"
#include "store/test_database.h"

namespace timeline {

class FollowedLogTest : public store::DatabaseTest {
 protected:
  static constexpr base::Moment kNow{1'760'000'000'000};

  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_.emplace(database());
    log_->prepare(kNow, random_);
  }

  template <typename Work>
  auto write(Work work) {
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::user, .id = 7};
    options.now = kNow;
    options.source = "console";
    return database().write("test.write", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, options);
      return work(writing);
    });
  }
  base::CustomerId known_as(std::string_view kind, std::string_view value) {
    const base::CustomerId id{++last_customer_};
    return write([&](customer::Writing& writing) {
             return customer::find_or_create(writing, {kind, value}, id, kNow);
           })
        ->found.customer;
  }

  // Checked in, so many times at once.
  struct CheckIns {
    base::Moment time = kNow;
    int times = 1;
    std::string source = "shop";
    std::optional<base::BatchId> batch = std::nullopt;
  };
  event_log::Position did(base::CustomerId customer, const CheckIns& check_ins) {
    const event_log::NewEvent event{.customer = customer,
                                    .name = "checked_in",
                                    .time = check_ins.time,
                                    .properties = {},
                                    .key = std::nullopt,
                                    .ordinal = std::nullopt};
    const std::vector<event_log::NewEvent> events(static_cast<std::size_t>(check_ins.times), event);
    event_log::Origin from;
    from.source = check_ins.source;
    from.now = kNow;
    from.batch = check_ins.batch;
    const auto appended = database().write(
        "event.append", [&](store::Unit& unit) { return log_->append(unit, from, events); });
    return appended->last;
  }
  event_log::Position did(base::CustomerId customer, base::Moment time, int times = 1) {
    return did(customer, CheckIns{.time = time, .times = times});
  }

  void erase(base::CustomerId customer) { erase(customer, *log_); }
  void erase(base::CustomerId customer, event_log::Log& log) {
    const auto hashes = database().dialect() == store::Dialect::sqlite
                            ? customer::open_erased_hashes(test_database().place(), random_)
                            : customer::erased_hashes_table(random_);
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::user, .id = 7};
    options.now = kNow;
    options.source = "test";
    const auto erased = database().write("test.erase", [&](store::Unit& unit) {
      customer::Writing writing(unit, log, options);
      return customer::erase(writing, *hashes, random_, customer);
    });
    ASSERT_TRUE(erased.has_value());
  }

  base::SeededRandom random_{5};
  std::optional<event_log::Log> log_;
  std::int64_t last_customer_ = 0;
};

}  // namespace timeline
