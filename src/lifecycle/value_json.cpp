#include "lifecycle/value_json.h"

#include <boost/json/array.hpp>
#include <string>

namespace lifecycle {
namespace {

namespace json = boost::json;

json::value number_or_null(std::optional<double> number) {
  return number ? json::value(*number) : json::value(nullptr);
}

// What every fit says of itself.
void add_report(json::object& to, const stats::FitReport& report) {
  to["converged"] = report.converged();
  to["fault"] = report.converged() ? json::value(nullptr) : json::value(code_of(report.fault));
  to["parameter"] = report.subject.empty() ? json::value(nullptr) : json::value(report.subject);
  to["starts"] = report.starts;
  to["starts_agreeing"] = report.starts_agreeing;
  to["evaluations"] = report.evaluations;
  to["customers"] = report.customers;
  to["groups"] = report.groups;
}

json::object parameters_json(const stats::PurchaseParameters& each) {
  return {{"r", each.r}, {"alpha", each.alpha}, {"a", each.a}, {"b", each.b}};
}

json::object parameters_json(const stats::SpendParameters& each) {
  return {{"p", each.p}, {"q", each.q}, {"v", each.v}};
}

json::object fit_json(const stats::PurchaseFit& fit) {
  json::object out = parameters_json(fit.model.parameters);
  out["log_likelihood"] = fit.log_likelihood;
  out["time_unit"] = "week";
  if (fit.report.converged()) out["standard_errors"] = parameters_json(fit.standard_errors);
  if (!fit.report.converged()) out["standard_errors"] = nullptr;
  add_report(out, fit.report);
  return out;
}

json::object fit_json(const stats::SpendFit& fit) {
  json::object out = parameters_json(fit.parameters);
  out["log_likelihood"] = fit.log_likelihood;
  if (fit.report.converged()) out["standard_errors"] = parameters_json(fit.standard_errors);
  if (!fit.report.converged()) out["standard_errors"] = nullptr;
  add_report(out, fit.report);
  return out;
}

json::value calibration_json(const std::optional<Calibration>& calibration) {
  if (!calibration) return nullptr;
  json::array buckets;
  for (const Calibration::Bucket& each : calibration->buckets) {
    buckets.push_back(json::object{{"p_alive_from", each.from},
                                   {"p_alive_to", each.to},
                                   {"customers", each.customers},
                                   {"share_expected_to_buy", each.expected_share},
                                   {"share_that_bought", each.share}});
  }
  json::array by_frequency;
  for (const Calibration::ByFrequency& each : calibration->by_frequency) {
    by_frequency.push_back(json::object{{"frequency", each.frequency},
                                        {"customers", each.customers},
                                        {"expected", each.expected},
                                        {"actual", each.actual}});
  }
  json::array weekly;
  for (const Calibration::Week& each : calibration->weekly) {
    weekly.push_back(
        json::object{{"week", each.week}, {"expected", each.expected}, {"actual", each.actual}});
  }
  return json::object{{"held_back_weeks", calibration->held_back_weeks},
                      {"model", name_of(calibration->form)},
                      {"customers", calibration->customers},
                      {"buckets", std::move(buckets)},
                      {"by_frequency", std::move(by_frequency)},
                      {"weekly", std::move(weekly)},
                      {"auc", number_or_null(calibration->auc)},
                      {"auc_of_recency", number_or_null(calibration->auc_of_recency)}};
}

json::array gates_json(std::span<const Gate> gates) {
  json::array out;
  for (const Gate& gate : gates) {
    out.push_back(json::object{
        {"key", name_of(gate.key)}, {"ok", gate.ok()}, {"have", gate.have}, {"want", gate.want}});
  }
  return out;
}

json::value model_of(const ValueRun& run) {
  if (!run.fits || run.fits->best() == nullptr) return nullptr;
  return json::value(name_of(run.fits->best()->model.form));
}

stats::PurchaseFit purchase_fit_of(const json::object& kept, stats::PurchaseForm form) {
  stats::PurchaseFit fit;
  const auto number = [&](std::string_view name) { return kept.at(name).to_number<double>(); };
  fit.model = {form, {number("r"), number("alpha"), number("a"), number("b")}};
  fit.log_likelihood = number("log_likelihood");
  if (kept.at("converged").as_bool()) fit.report.fault = stats::FitFault::none;
  return fit;
}

}  // namespace

std::string_view name_of(stats::PurchaseForm form) {
  return form == stats::PurchaseForm::standard ? "bgnbd" : "mbgnbd";
}

json::object to_json(const ValueRun& run) {
  json::object out{{"state", name_of(run.state)},
                   {"at", base::to_iso8601_utc(run.until)},
                   {"event", run.event},
                   {"amount", run.amount},
                   {"customers", run.purchases.people.size()},
                   {"seconds", static_cast<double>((run.ended_at - run.started_at).ms) / 1000},
                   {"gates", gates_json(run.gates)},
                   {"model", model_of(run)},
                   {"bgnbd", nullptr},
                   {"mbgnbd", nullptr},
                   {"gamma_gamma", nullptr},
                   {"correlation", nullptr},
                   {"calibration", calibration_json(run.calibration)},
                   {"clv", {{"months", kClvMonths}, {"discount_a_month", kClvDiscount}}}};
  if (!run.fits) return out;
  out["bgnbd"] = fit_json(run.fits->standard);
  out["mbgnbd"] = fit_json(run.fits->modified);
  out["gamma_gamma"] = fit_json(run.fits->spend);
  out["correlation"] = run.fits->correlation;
  return out;
}

std::optional<ValueFits> fits_of(const json::object& result) {
  if (!result.at("bgnbd").is_object()) return std::nullopt;
  ValueFits fits;
  fits.standard = purchase_fit_of(result.at("bgnbd").as_object(), stats::PurchaseForm::standard);
  fits.modified = purchase_fit_of(result.at("mbgnbd").as_object(), stats::PurchaseForm::modified);
  const json::object& spend = result.at("gamma_gamma").as_object();
  fits.spend.parameters = {spend.at("p").to_number<double>(), spend.at("q").to_number<double>(),
                           spend.at("v").to_number<double>()};
  if (spend.at("converged").as_bool()) fits.spend.report.fault = stats::FitFault::none;
  if (fits.best() == nullptr) return std::nullopt;
  return fits;
}

}  // namespace lifecycle
