// What the tests of this module share: a fresh database with its log, and units with a Writing.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/random.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/writing.h"
#include "log/batch.h"
#include "log/log.h"
#include "log/reader.h"
#include "store/test_database.h"

namespace customer {

inline constexpr std::size_t kTestThreads = 16;

class CustomerTest : public store::DatabaseTest {
 protected:
  static constexpr base::Moment kNow{1'760'000'000'000};  // 2025-10-09

  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
  }

  static base::Moment at(std::int64_t days) { return kNow + base::Duration{days * base::kDay.ms}; }

  WritingOptions options() const {
    WritingOptions options;
    options.actor = {.kind = rights::ActorKind::user, .id = 7};
    options.now = kNow;
    options.source = "console";
    return options;
  }
  WritingOptions import_options(base::BatchId batch) const {
    WritingOptions options;
    options.actor = {.kind = rights::ActorKind::import, .id = batch.value};
    options.now = kNow;
    options.source = "csv";
    options.live = false;
    options.batch = batch;
    return options;
  }

  template <typename Work>
  auto write(Work&& work) {
    return write(options(), std::forward<Work>(work));
  }
  template <typename Work>
  auto write(const WritingOptions& how, Work&& work) {
    return database().write("test.write", [&](store::Unit& unit) {
      Writing writing(unit, *log_, how);
      return work(writing);
    });
  }

  // A running import that writes may belong to.
  base::BatchId begin_import() {
    const base::BatchId batch{next_.fetch_add(1)};
    database().write("test.import", [&](store::Unit& unit) {
      event_log::begin_batch(unit, {batch, "customers", "test.csv", "test", kNow});
    });
    return batch;
  }

  base::CustomerId fresh() { return {next_.fetch_add(1)}; }

  // A customer known by a customer key, created some days from now.
  base::CustomerId known_as(std::string_view key, std::int64_t created_days = 0) {
    const base::CustomerId id = fresh();
    const auto made = write([&](Writing& writing) {
      return find_or_create(writing, {"customer", key}, id, at(created_days));
    });
    EXPECT_TRUE(made.has_value());
    return made ? made->found.customer : base::CustomerId{};
  }

  void give(base::CustomerId customer, std::string_view kind, std::string_view value) {
    const auto added =
        write([&](Writing& writing) { return add_identity(writing, customer, {kind, value}, {}); });
    EXPECT_TRUE(added.has_value()) << code_of(added.error().fault);
  }

  [[nodiscard]] base::Result<std::int64_t, Error> put(base::CustomerId customer,
                                                      std::string_view name, base::Value value,
                                                      std::optional<base::Moment> since) {
    const NewValue given{std::string(name), std::move(value), {}, since};
    return write(
        [&](Writing& writing) { return set_attributes(writing, customer, std::span(&given, 1)); });
  }

  // What the person has today: "30", "unknown", "unknown (raw)", or "never".
  std::string value_of(base::CustomerId person, std::string_view name) {
    return database().read([&](store::Session& session) -> std::string {
      for (const AttributeValue& value : attributes_of(session, person)) {
        if (value.name != name) continue;
        if (value.value) return base::to_text(*value.value);
        return value.raw.empty() ? "unknown" : "unknown (" + value.raw + ")";
      }
      return "never";
    });
  }

  // Names of the events of the customer as written, in log order.
  std::vector<std::string> events_of(base::CustomerId customer) {
    return database().read([&](store::Session& session) {
      std::vector<std::string> names;
      const auto types = log_->catalog().of(session);
      const auto reading = event_log::read_after(session, {}, event_log::kReadEventsMax);
      for (const event_log::Event& event : reading.events) {
        if (event.customer == customer) names.push_back(types->find(event.type)->name);
      }
      return names;
    });
  }

  // The customers and batches the log has given notice of behind `after`, in log order.
  std::vector<event_log::NoticeSubject> notices_behind(const event_log::Position& after) {
    return database().read([&](store::Session& session) {
      std::vector<event_log::NoticeSubject> subjects;
      const auto reading = event_log::read_after(session, after, event_log::kReadEventsMax);
      for (const event_log::Notice& notice : reading.notices) subjects.push_back(notice.subject);
      return subjects;
    });
  }
  event_log::Position newest() {
    return database().read([&](store::Session& session) { return log_->newest(session); });
  }

  std::optional<Found> found(std::string_view kind, std::string_view value) {
    return database().read([&](store::Session& session) { return find(session, {kind, value}); });
  }
  base::CustomerId person_of(std::string_view key) {
    const auto by_key =
        database().read([&](store::Session& session) { return find_by_key(session, key); });
    return by_key ? by_key->person : base::CustomerId{};
  }

  // Runs `work(thread)` on kTestThreads threads that begin together.
  static void together(const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> ready = 0;
    std::vector<std::thread> threads;
    for (std::size_t each = 0; each < kTestThreads; ++each) {
      threads.emplace_back([&, each] {
        ready.fetch_add(1);
        while (ready.load() < kTestThreads) std::this_thread::yield();
        work(each);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  base::SystemRandom random_;
  std::unique_ptr<event_log::Log> log_;
  std::atomic<std::int64_t> next_ = 1000;
};

}  // namespace customer
