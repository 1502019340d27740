#include "server/value_file.h"

#include <fmt/format.h>

#include <array>
#include <boost/describe.hpp>
#include <cmath>
#include <filesystem>

#include "api/export_record.h"
#include "customer/identity.h"
#include "intake/file.h"
#include "intake/row_sink.h"
#include "lifecycle/value_json.h"

namespace server {
namespace {

constexpr std::size_t kRowsAtOnce = 5'000;  // keys in one read

struct ValueBody {
  std::string event;
  std::string amount;
  std::optional<std::string> until;
  std::optional<std::string> customers;
};
BOOST_DESCRIBE_STRUCT(ValueBody, (), (event, amount, until, customers))

base::Moment until_of(api::Call& call, const std::optional<std::string>& given) {
  if (!given) return call.now();
  const base::WrittenMoment written = api::written_moment(*given, "/until");
  const base::Zone& zone = call.zone();
  if (written.ms_of_day) return base::resolve(written, zone);
  return zone.start_of({base::day_of(written.date).days + 1});
}

// Six places, as decimals are.
std::string decimal(double number) { return fmt::format("{:.6f}", number); }
std::string money(double amount) {
  return base::to_text(base::Value(base::Money{std::llround(amount * 100)}));
}

std::vector<std::string> row_of(const lifecycle::ValueRun& run, std::size_t at,
                                const std::string& key) {
  const lifecycle::Assessment& said = run.assessments[at];
  const stats::PurchaseHistory& history = run.summaries.histories[at];
  const stats::SpendHistory& spend = run.summaries.spends[at];
  return {key,
          std::to_string(history.repeats),
          decimal(history.recency),
          decimal(history.age),
          spend.purchases > 0 ? decimal(spend.mean) : "",
          decimal(said.p_alive),
          decimal(said.orders_30d),
          decimal(said.orders_90d),
          decimal(said.orders_365d),
          said.spend ? decimal(*said.spend) : "",
          said.clv ? money(*said.clv) : ""};
}

void write_rows(api::Call& call, const lifecycle::ValueRun& run, intake::RowSink& sink) {
  using base::ValueType;
  const std::array<intake::SinkColumn, 11> columns = {{{"customer", ValueType::text},
                                                       {"frequency", ValueType::integer},
                                                       {"recency_weeks", ValueType::decimal},
                                                       {"age_weeks", ValueType::decimal},
                                                       {"mean_amount", ValueType::decimal},
                                                       {"p_alive", ValueType::decimal},
                                                       {"expected_orders_30d", ValueType::decimal},
                                                       {"expected_orders_90d", ValueType::decimal},
                                                       {"expected_orders_365d", ValueType::decimal},
                                                       {"expected_amount", ValueType::decimal},
                                                       {"clv", ValueType::money}}};
  sink.open(columns);
  for (std::size_t begin = 0; begin < run.assessments.size(); begin += kRowsAtOnce) {
    const std::size_t end = std::min(run.assessments.size(), begin + kRowsAtOnce);
    call.services().database.read([&](store::Session& session) {
      for (std::size_t at = begin; at < end; ++at) {
        const base::CustomerId person = run.purchases.people[run.summaries.people[at]];
        sink.row(row_of(run, at, customer::key_of(session, person)));
      }
    });
  }
}

std::int64_t write_file(api::Call& call, const lifecycle::ValueRun& run, const std::string& path) {
  auto file = intake::FileSink::open(path);
  if (!file) throw api::Refusal(intake::code_of(file.error()));
  const bool workbook = std::filesystem::path(path).extension() == ".xlsx";
  const auto made = intake::make_row_sink(workbook ? intake::FileForm::xlsx : intake::FileForm::csv,
                                          *file, std::filesystem::path(path).parent_path());
  write_rows(call, run, *made);
  made->finish();
  const auto rows = static_cast<std::int64_t>(run.assessments.size());
  api::record_export(call, {.what = "value",
                            .form = workbook ? "xlsx" : "csv",
                            .asked = nullptr,
                            .columns = {},
                            .rows = rows});
  file->finish();
  return rows;
}

}  // namespace

net::Response answer_value(api::Call& call) {
  const auto body = call.body<ValueBody>();
  const base::Moment until = until_of(call, body.until);
  const auto run = call.services().values.ask({.event = body.event,
                                               .amount = body.amount,
                                               .until = until,
                                               .stop = call.request().sender_gone()});
  if (!run) throw api::Refusal(std::string(code_of(run.error())));
  if (!*run) throw api::Refusal("api.asker_gone");
  boost::json::object answer = lifecycle::to_json(**run);
  const bool ready = (*run)->state == lifecycle::ValueState::ready;
  if (body.customers && ready) answer["rows"] = write_file(call, **run, *body.customers);
  return api::ok(answer);
}

}  // namespace server
