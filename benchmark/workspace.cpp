#include "benchmark/workspace.h"

#include <charconv>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/check.h"
#include "benchmark/peer_tables.h"
#include "benchmark/stopwatch.h"
#include "benchmark/workspace_sql.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/tag.h"
#include "log/batch.h"
#include "server/operate.h"

namespace bench {
namespace {

constexpr std::uint32_t kCustomersInUnit = 200;
constexpr std::size_t kBatchesAhead = 4;

template <typename Value, typename Error>
Value must(base::Result<Value, Error> result) {
  CHECK(result.has_value());
  return std::move(*result);
}

// --- customers -----------------------------------------------------------------------------------
class CustomerLoad {
 public:
  CustomerLoad(Workspace& workspace, const Workload& workload)
      : workspace_(workspace),
        workload_(workload),
        now_(workspace.now()),
        batch_{workspace.random().id()},
        ids_(workload.sizes().customers + 1) {}

  CustomerIds run() {
    workspace_.database().write("bench.begin", [&](store::Unit& unit) {
      event_log::begin_batch(unit, {batch_, "customers", "bench.csv", "bench", now_});
      customer::Writing writing(unit, workspace_.log(), options());
      vip_ = must(customer::declare_tag(writing, "level/VIP")).id;
    });
    for (std::uint32_t first = 1; first < ids_.size(); first += kCustomersInUnit) put(first);
    workspace_.database().write("bench.end", [&](store::Unit& unit) {
      CHECK(event_log::finish_batch(unit, batch_, {.now = now_}).has_value());
    });
    return std::move(ids_);
  }
  std::int64_t changes() const { return changes_; }

 private:
  customer::WritingOptions options() const {
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::import, .id = batch_.value};
    options.now = now_;
    options.source = "csv bench.csv";
    options.live = false;
    options.batch = batch_;
    return options;
  }

  void put(std::uint32_t first) {
    const auto end =
        std::min<std::uint32_t>(first + kCustomersInUnit, workload_.sizes().customers + 1);
    for (std::uint32_t number = first; number < end; ++number) {
      ids_[number] = {workspace_.random().id()};
    }
    changes_ += workspace_.database().write("bench.customers", [&](store::Unit& unit) {
      customer::Writing writing(unit, workspace_.log(), options());
      std::int64_t changes = 0;
      for (std::uint32_t number = first; number < end; ++number) changes += put(writing, number);
      return changes;
    });
  }

  std::int64_t put(customer::Writing& writing, std::uint32_t number) {
    const std::string key = std::to_string(number);
    must(customer::find_or_create(writing, {"customer", key}, ids_[number], kStart));
    const Customer made = workload_.customer(number);
    std::vector<customer::NewValue> values;
    values.push_back({"city", base::Value(std::string(kCities[made.city])), {}, kStart});
    values.push_back({"birthday", base::Value(made.birthday), {}, kStart});
    for (const Since& level : made.levels) {
      values.push_back({"level", base::Value(std::int64_t{level.value}), {}, level.since});
    }
    auto changes = must(customer::set_attributes(writing, ids_[number], values));
    for (const Since& vip : made.vip) {
      must(vip.value == 1 ? customer::add_tag(writing, ids_[number], vip_, vip.since)
                          : customer::remove_tag(writing, ids_[number], vip_, vip.since));
      ++changes;
    }
    for (const Since& consent : made.marketing) {
      customer::ConsentChange change;
      change.purpose = "marketing";
      change.channel = "sms";
      change.given = consent.value == 1;
      change.since = consent.since;
      must(customer::change_consent(writing, ids_[number], change));
      ++changes;
    }
    return changes;
  }

  Workspace& workspace_;
  const Workload& workload_;
  base::Moment now_;
  base::BatchId batch_;
  CustomerIds ids_;
  base::TagId vip_;
  std::int64_t changes_ = 0;
};

// --- events --------------------------------------------------------------------------------------
// Batches made one thread ahead of the one that writes them.
class BatchesAhead {
 public:
  BatchesAhead(std::span<const Event> events, const CustomerIds& ids)
      : events_(events), ids_(ids), thread_([this] { make_all(); }) {}

  // Empty at the end.
  std::vector<event_log::NewEvent> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ready_.empty(); });
    std::vector<event_log::NewEvent> batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return batch;
  }

 private:
  void make_all() {
    for (std::size_t at = 0; at < events_.size(); at += event_log::kAppendEventsMax) {
      std::vector<event_log::NewEvent> batch;
      for (const Event& event :
           events_.subspan(at, std::min(event_log::kAppendEventsMax, events_.size() - at))) {
        batch.push_back(to_log(event, ids_[event.customer()]));
      }
      put(std::move(batch));
    }
    put({});
  }
  void put(std::vector<event_log::NewEvent> batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_.size() < kBatchesAhead; });
    ready_.push_back(std::move(batch));
    changed_.notify_all();
  }

  std::span<const Event> events_;
  const CustomerIds& ids_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<event_log::NewEvent>> ready_;
  std::jthread thread_;
};

void append_all(Workspace& workspace, std::span<const Event> events, const CustomerIds& ids) {
  BatchesAhead batches(events, ids);
  event_log::Origin origin;
  origin.source = "csv bench.csv";
  origin.now = workspace.now();
  while (true) {
    const std::vector<event_log::NewEvent> batch = batches.next();
    if (batch.empty()) return;
    const auto appended = workspace.database().write("bench.events", [&](store::Unit& unit) {
      return workspace.log().append(unit, origin, batch);
    });
    CHECK(appended.has_value());
  }
}

}  // namespace

Workspace::Workspace(const std::string& folder)
    : database_(server::open_database({.folder = folder})) {
  server::bring_forward(*database_, true, now());
  log_ = std::make_unique<event_log::Log>(*database_);
  log_->prepare(now(), random_);
}

Loaded load(Workspace& workspace, const Workload& workload, std::span<const Event> events) {
  Loaded loaded;
  Stopwatch watch;
  CustomerLoad customers(workspace, workload);
  const CustomerIds ids = customers.run();
  loaded.customers_seconds = watch.wall_seconds();
  loaded.changes = customers.changes();
  watch = {};
  append_all(workspace, events, ids);
  loaded.events_seconds = watch.wall_seconds();
  return loaded;
}

CustomerIds ids_of(Workspace& workspace, std::uint32_t customers) {
  CustomerIds ids(customers + 1);
  workspace.database().read([&](store::Session& session) {
    session.query(sql::kCustomerNumbers, {}, [&](const store::Row& row) {
      std::uint32_t number = 0;
      const std::string_view text = row.text(1);
      std::from_chars(text.data(), text.data() + text.size(), number);
      CHECK(number > 0);
      CHECK(number < ids.size());
      ids[number] = {row.integer(0)};
    });
  });
  return ids;
}

event_log::NewEvent to_log(const Event& event, base::CustomerId customer) {
  event_log::NewEvent made;
  made.customer = customer;
  made.name = kEventNames[event.name()];
  made.time = event.time();
  made.properties["channel"] = kChannels[event.channel()];
  if (event.sku() != 0) made.properties["sku"] = sku_name(event.sku());
  if (event.amount() != 0) made.properties["amount"] = yuan_of(event.amount());
  return made;
}

}  // namespace bench
