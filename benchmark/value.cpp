#include "benchmark/value.h"

#include <boost/json/value.hpp>
#include <cmath>
#include <random>
#include <stdexcept>

#include "base/clock.h"
#include "base/work_pool.h"
#include "benchmark/stopwatch.h"
#include "lifecycle/value_run.h"
#include "timeline/test_rows.h"

namespace bench {
namespace {

namespace json = boost::json;
using timeline::kAmount;
using timeline::kPaid;

// Weeks and yuan.
constexpr stats::PurchaseParameters kMade{0.9, 12, 1.1, 4};
constexpr stats::SpendParameters kMadeSpend{6, 4, 150};
constexpr std::int32_t kDays = 730;
constexpr base::Moment kBegin{1'700'000'000'000};  // an afternoon in Shanghai

class Maker {
 public:
  explicit Maker(std::int64_t customers) : customers_(customers) {}

  std::shared_ptr<const timeline::Block> block(std::int64_t first) {
    timeline::RowsBuilder build;
    const std::int64_t end = std::min(first + std::int64_t{timeline::kBlockRows}, customers_);
    for (std::int64_t id = first; id < end; ++id) add(build, {id + 1});
    return timeline::make_block(build.rows(), *timeline::test_changes());
  }
  std::int64_t purchases() const { return purchases_; }

 private:
  double chance() { return std::uniform_real_distribution<double>(1e-12, 1)(random_); }
  double gamma(double shape) { return std::gamma_distribution<double>(shape, 1)(random_); }

  void add(timeline::RowsBuilder& build, base::CustomerId id) {
    build.person(id, kBegin);
    const double rate = gamma(kMade.r) / kMade.alpha / 7;  // a day
    const double stays = gamma(kMade.b);
    const double goes = stays == 0 ? 1 : gamma(kMade.a);
    const double p = goes / (goes + stays);
    const double scale = gamma(kMadeSpend.q) / kMadeSpend.v;
    double day = std::floor(chance() * kDays);
    for (bool first = true;; first = false) {
      if (!first) day += -std::log(chance()) / std::max(rate, 1e-12);
      if (day >= kDays) return;
      const auto cents = static_cast<std::int64_t>(gamma(kMadeSpend.p) / scale * 100) + 1;
      const auto ms = static_cast<std::int64_t>(std::floor(day)) * base::kDay.ms;
      build.event(kPaid, {kBegin + base::Duration{ms}, ++slot_},
                  {{kAmount, base::Value(base::Money{cents})}});
      ++purchases_;
      if (!first && chance() < p) return;
    }
  }

  const std::int64_t customers_;
  std::mt19937_64 random_{17};
  timeline::Slot slot_ = 0;
  std::int64_t purchases_ = 0;
};

// Several purchases on a day are one, so that what is found lies a little off what was made.
void require_near(double found, double made, const char* name) {
  if (std::abs(found / made - 1) < 0.15) return;
  throw std::runtime_error(std::string("the fit finds another ") + name);
}

}  // namespace

json::object measure_value(std::int64_t customers) {
  timeline::ColumnStore store(timeline::test_changes());
  store.set_origins(timeline::test_origins());
  Maker maker(customers);
  std::vector<std::shared_ptr<const timeline::Block>> blocks;
  for (std::int64_t first = 0; first < customers; first += timeline::kBlockRows) {
    blocks.push_back(maker.block(first));
  }
  store.load(std::move(blocks), {}, {});
  base::WorkPool pool(base::WorkPool::machine_threads() - 1);
  const base::SystemClock clock;
  const lifecycle::ValueOrder order{
      .question = {.source = {.event = kPaid, .amount = kAmount},
                   .zone = *base::Zone::named("Asia/Shanghai"),
                   .until = kBegin + base::Duration{kDays * base::kDay.ms}}};
  const Stopwatch reading;
  const auto purchases = lifecycle::purchases_of(store.pin(), order.question, pool);
  const double read_seconds = reading.wall_seconds();
  const auto summaries =
      lifecycle::summaries_of(purchases, order.question.zone.day_of(order.question.until));
  const Stopwatch fitting;
  const auto fits = lifecycle::fit_all(summaries, pool);
  const double fit_seconds = fitting.wall_seconds();
  const Stopwatch running;
  const auto run = lifecycle::run_value(store.pin(), order, {pool, clock});
  const double run_seconds = running.wall_seconds();
  if (!run || run->state != lifecycle::ValueState::ready) throw std::runtime_error("no fit");
  const auto& found = fits.standard.model.parameters;
  const auto& spend = fits.spend.parameters;
  require_near(found.r, kMade.r, "r");
  require_near(found.a / found.b, kMade.a / kMade.b, "a / b");
  require_near(spend.p, kMadeSpend.p, "p");
  require_near(spend.v, kMadeSpend.v, "v");
  return {{"customers", purchases.people.size()},
          {"purchases", maker.purchases()},
          {"groups", fits.standard.report.groups},
          {"evaluations", fits.standard.report.evaluations},
          {"read_seconds", read_seconds},
          {"fit_seconds", fit_seconds},
          {"run_seconds", run_seconds},
          {"r", found.r},
          {"alpha", found.alpha},
          {"a", found.a},
          {"b", found.b},
          {"p", spend.p},
          {"q", spend.q},
          {"v", spend.v}};
}

}  // namespace bench
