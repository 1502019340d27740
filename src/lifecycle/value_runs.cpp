#include "lifecycle/value_runs.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "base/diagnostics.h"
#include "base/json.h"
#include "customer/test_account.h"
#include "lease/lease.h"
#include "lifecycle/value_json.h"
#include "setting/setting.h"
#include "store/failure.h"

namespace lifecycle {
namespace {

constexpr std::string_view kLease = "value";

// Of neighbouring purchase days, the mean of the two in the middle where they are even.
std::optional<double> usual_gap(std::span<const std::int32_t> days) {
  if (days.size() < 3) return std::nullopt;
  std::vector<std::int32_t> gaps;
  for (std::size_t i = 1; i < days.size(); ++i) gaps.push_back(days[i] - days[i - 1]);
  std::ranges::sort(gaps);
  const std::size_t half = gaps.size() / 2;
  if (gaps.size() % 2 == 1) return gaps[half];
  return (gaps[half - 1] + gaps[half]) / 2.0;
}

std::vector<ValuePeople::Person> people_of(const Purchases& purchases, const Summaries& summaries) {
  std::vector<ValuePeople::Person> people;
  people.reserve(summaries.people.size());
  for (std::size_t i = 0; i < summaries.people.size(); ++i) {
    const std::uint32_t at = summaries.people[i];
    const auto days = purchases.days_of(at);
    people.push_back({.person = purchases.people[at],
                      .history = summaries.histories[i],
                      .spend = summaries.spends[i],
                      .usual_gap = usual_gap(days),
                      .last_day = days.back()});
  }
  return people;
}

struct Columns {
  std::vector<base::CustomerId> customers;
  std::vector<std::int64_t> p_alive;
  std::vector<std::int64_t> orders_30d;
  std::vector<std::int64_t> orders_90d;
  std::vector<std::int64_t> orders_365d;
  std::vector<std::int64_t> clv;
};

std::int64_t micros(double number) { return std::llround(number * 1e6); }

Columns columns_of(const ValueRun& run) {
  Columns columns;
  for (std::size_t i = 0; i < run.assessments.size(); ++i) {
    const Assessment& each = run.assessments[i];
    columns.customers.push_back(run.purchases.people[run.summaries.people[i]]);
    columns.p_alive.push_back(micros(each.p_alive));
    columns.orders_30d.push_back(micros(each.orders_30d));
    columns.orders_90d.push_back(micros(each.orders_90d));
    columns.orders_365d.push_back(micros(each.orders_365d));
    columns.clv.push_back(each.clv ? std::llround(*each.clv * 100) : timeline::kNoFittedValue);
  }
  return columns;
}

}  // namespace

const ValuePeople::Person* ValuePeople::find(base::CustomerId person) const {
  const auto at = std::ranges::lower_bound(people, person, {}, &Person::person);
  return at != people.end() && at->person == person ? &*at : nullptr;
}

Assessment ValuePeople::assess(const Person& person) const {
  const Summaries one{.people = {0}, .histories = {person.history}, .spends = {person.spend}};
  return lifecycle::assess(one, fits).front();
}

ValueRuns::ValueRuns(const Means& means) : means_(means), owner_(means.random.id()) {}

ValueRuns::~ValueRuns() { end(); }

base::Result<std::optional<ValueRun>, SourceFault> ValueRuns::ask(const Asked& asked) const {
  std::vector<base::CustomerId> left_out;
  std::optional<base::Zone> zone;
  const auto source = means_.database.read([&](store::Session& session) {
    zone = setting::read(session).zone;
    left_out = customer::customers_of_test_accounts(session);
    return source_of(*means_.log.catalog().of(session), asked.event, asked.amount);
  });
  if (!source) return base::unexpected(source.error());
  const ValueOrder order{.event = asked.event,
                         .amount = asked.amount,
                         .question = {.source = *source,
                                      .zone = *zone,
                                      .until = asked.until,
                                      .left_out = left_out,
                                      .stop = asked.stop}};
  const auto fresh = means_.memory.fresh_pin();
  return run_value(fresh ? *fresh : means_.memory.pin(), order, {means_.pool, means_.clock});
}

bool ValueRuns::take() {
  const std::lock_guard lock(mutex_);
  if (taken_ || ended_) return false;
  taken_ = true;
  return true;
}

void ValueRuns::give_back() {
  const std::lock_guard lock(mutex_);
  taken_ = false;
}

bool ValueRuns::is_running() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

bool ValueRuns::has_lease() {
  const base::Moment now = means_.clock.now();
  return means_.database
      .write("value.lease",
             [&](store::Unit& unit) {
               return lease::acquire(unit, {kLease, owner_, now, kValueLease});
             })
      .has_value();
}

void ValueRuns::release_lease() {
  means_.database.write("value.release", [&](store::Unit& unit) {
    const auto held = lease::find(unit, kLease);
    if (held && held->owner == owner_) lease::release(unit, *held);
  });
}

bool ValueRuns::run(const std::stop_token& stop) {
  if (!take()) return false;
  try {
    const bool done = run_taken(stop);
    give_back();
    return done;
  } catch (...) {
    give_back();
    throw;
  }
}

bool ValueRuns::run_taken(const std::stop_token& stop) {
  if (!has_lease()) return false;
  const auto run = ask({.until = means_.clock.now(), .stop = stop});
  if (!run) base::log_warning("the value of customers: {}", code_of(run.error()));
  const bool done = run && *run;
  if (done) keep(**run);
  release_lease();
  return done;
}

void ValueRuns::store_fitted(const ValueRun& run) {
  using timeline::FittedAttribute;
  const Columns columns = columns_of(run);
  means_.fitted.store_run({.family = timeline::FittedFamily::value,
                           .moment = run.until,
                           .customers = columns.customers,
                           .columns = {{FittedAttribute::p_alive, columns.p_alive},
                                       {FittedAttribute::expected_orders_30d, columns.orders_30d},
                                       {FittedAttribute::expected_orders_90d, columns.orders_90d},
                                       {FittedAttribute::expected_orders_365d, columns.orders_365d},
                                       {FittedAttribute::clv, columns.clv}}},
                          means_.random);
}

void ValueRuns::keep(const ValueRun& run) {
  store_fitted(run);
  const KeptRun kept{.id = means_.random.id(),
                     .state = run.state,
                     .until = run.until,
                     .started_at = run.started_at,
                     .ended_at = run.ended_at,
                     .event = run.event,
                     .amount = run.amount,
                     .customers = static_cast<std::int64_t>(run.purchases.people.size()),
                     .result = boost::json::serialize(to_json(run))};
  means_.database.write("value.keep", [&](store::Unit& unit) { keep_run(unit, kept); });
  std::shared_ptr<const ValuePeople> people;
  if (run.state == ValueState::ready) {
    people =
        std::make_shared<ValuePeople>(ValuePeople{.run = kept,
                                                  .fits = *run.fits,
                                                  .people = people_of(run.purchases, run.summaries),
                                                  .last = run.last});
  }
  const std::lock_guard lock(mutex_);
  people_ = std::move(people);
}

bool ValueRuns::is_due() const {
  const base::Moment now = means_.clock.now();
  return means_.database.read([&](store::Session& session) {
    const setting::Settings settings = setting::read(session);
    const base::LocalTime local = settings.zone.local_of(now);
    base::LocalTime due{
        .day = local.day,
        .ms_of_day = static_cast<std::int32_t>(settings.value_hour * base::kHour.ms)};
    if (settings.zone.moment_of(due) > now) --due.day.days;
    const auto newest = newest_run(session);
    return !newest || newest->started_at < settings.zone.moment_of(due);
  });
}

bool ValueRuns::run_if_due(const std::stop_token& stop) { return is_due() && run(stop); }

void ValueRuns::start() {
  const std::lock_guard lock(mutex_);
  started_ = true;
}

bool ValueRuns::begin() {
  std::unique_lock lock(mutex_);
  if (!started_) {
    lock.unlock();
    return run();
  }
  if (taken_ || ended_) return false;
  if (thread_.joinable()) thread_.join();  // it has ended: nothing is taken
  taken_ = true;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      run_taken(stop);
    } catch (const store::Failure& failure) {
      base::log_warning("the value of customers could not be kept: {}", failure.what());
    }
    give_back();
  });
  return true;
}

void ValueRuns::end() {
  std::jthread thread;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    thread = std::move(thread_);
  }
  thread.request_stop();
  if (thread.joinable()) thread.join();
}

std::optional<KeptRun> ValueRuns::newest() const {
  return means_.database.read([](store::Session& session) { return newest_run(session); });
}

std::shared_ptr<const ValuePeople> ValueRuns::people() const {
  const std::lock_guard making(making_);
  const auto kept = newest();
  if (!kept || kept->state != ValueState::ready) return nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (people_ && people_->run.id == kept->id) return people_;
  }
  const auto result = base::parse_stored_json(kept->result);
  const auto fits = result ? fits_of(result->as_object()) : std::nullopt;
  if (!fits) return nullptr;
  std::vector<base::CustomerId> left_out;
  std::optional<base::Zone> zone;
  const auto source = means_.database.read([&](store::Session& session) {
    zone = setting::read(session).zone;
    left_out = customer::customers_of_test_accounts(session);
    return source_of(*means_.log.catalog().of(session), kept->event, kept->amount);
  });
  if (!source) return nullptr;
  const Purchases purchases = purchases_of(
      means_.memory.pin(),
      {.source = *source, .zone = *zone, .until = kept->until, .left_out = left_out}, means_.pool);
  const base::LocalDay last = zone->day_of(kept->until - base::kMillisecond);
  auto made = std::make_shared<ValuePeople>(
      ValuePeople{.run = *kept,
                  .fits = *fits,
                  .people = people_of(purchases, summaries_of(purchases, last)),
                  .last = last});
  const std::lock_guard lock(mutex_);
  people_ = made;
  return made;
}

}  // namespace lifecycle
