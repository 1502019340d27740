#include "api/kept_report.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <vector>

#include "api/problem.h"
#include "base/diagnostics.h"
#include "base/json.h"
#include "intake/row_sink.h"
#include "log/batch.h"
#include "log/batch_report.h"
#include "store/failure.h"

namespace api {

namespace json = boost::json;

namespace {

// Lists of what was left out; each entry is kept as [line, index of the column's name, code].
constexpr std::array<std::string_view, 3> kLists = {"left_out", "values_left_out", "other_persons"};
constexpr std::array<std::string_view, 8> kFigures = {
    "customers_created",     "reviews_opened", "wrong_types",       "times_look_like_seconds",
    "values_left_out_count", "rows_of_file",   "rows_left_by_rule", "other_persons_count"};
constexpr std::array<std::string_view, 3> kOfTheSheetItself = {"name", "hidden", "other_sheets"};

// What a line of the file of a report is about.
std::string_view kind_of(std::string_view list) {
  if (list == "left_out") return "row";
  return list == "values_left_out" ? "value" : "person";
}

class Names {
 public:
  std::int64_t index_of(const json::value& name) {
    const auto found = std::ranges::find(names_, name);
    const std::int64_t index = found - names_.begin();
    if (found == names_.end()) names_.push_back(name);
    return index;
  }
  const json::array& all() const { return names_; }

 private:
  json::array names_;
};

json::array short_form(const json::array& left_out, Names& names) {
  json::array out;
  for (const json::value& each : left_out) {
    out.push_back(json::array{each.at("line"), names.index_of(each.at("column")), each.at("code")});
  }
  return out;
}

// A code that an older program knew is its own sentence.
std::string sentence_of_code(const std::string& code, Language language,
                             const std::string& column) {
  const ProblemText* text = find_problem(code);
  return text == nullptr ? code : sentence_of(*text, language, column);
}

json::array long_form(const json::array& kept, const json::array& names, Language language) {
  json::array out;
  for (const json::value& each : kept) {
    const json::array& entry = each.as_array();
    const auto index = static_cast<std::size_t>(entry.at(1).as_int64());
    // Names that told an erased person are gone.
    const std::string column =
        index < names.size() ? std::string(names.at(index).as_string()) : std::string();
    const std::string code(entry.at(2).as_string());
    out.push_back(json::object{{"line", entry.at(0)},
                               {"column", column},
                               {"code", code},
                               {"detail", sentence_of_code(code, language, column)}});
  }
  return out;
}

class TextSink final : public intake::ByteSink {
 public:
  void write(std::string_view bytes) override { text_ += bytes; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

void keep_report(Call& call, const json::object& report) {
  if (report.at("state") == "dry_run") return;
  Names names;
  json::object kept;
  for (const std::string_view list : kLists) {
    if (const auto* given = report.if_contains(list)) {
      kept[list] = short_form(given->as_array(), names);
    }
  }
  for (const std::string_view figure : kFigures) {
    if (const auto* given = report.if_contains(figure)) kept[figure] = *given;
  }
  if (const auto* sheet = report.if_contains("sheet")) {
    json::object notes = sheet->as_object();
    for (const std::string_view own : kOfTheSheetItself) notes.erase(own);
    kept["notes"] = std::move(notes);
  }
  const event_log::BatchReport whole{json::serialize(names.all()), json::serialize(kept),
                                     call.now()};
  const base::BatchId batch{report.at("id").as_int64()};
  try {
    call.services().database.write("import.keep_report", [&](store::Unit& unit) {
      event_log::keep_report(unit, batch, whole);
    });
  } catch (const store::Failure& failure) {
    base::log_warning("the report of an import is not kept: {}", failure.what());
  }
}

void add_kept_report(Call& call, base::BatchId batch, json::object& shown) {
  const auto whole = call.services().database.read(
      [&](store::Session& session) { return event_log::report_of(session, batch); });
  if (!whole) return;
  const auto names = base::parse_stored_json(whole->names);
  const auto report = base::parse_stored_json(whole->report);
  if (!names || !report) return;
  for (const auto& [name, value] : report->as_object()) {
    const bool is_list = std::ranges::find(kLists, std::string_view(name)) != kLists.end();
    shown[name] = is_list ? json::value(long_form(value.as_array(), names->as_array(),
                                                  language_of(call.request())))
                          : value;
  }
}

net::Response left_out_file(Call& call) {
  const base::BatchId id{call.id(0)};
  const bool known = call.services().database.read(
      [&](store::Session& session) { return event_log::find_batch(session, id).has_value(); });
  if (!known) throw Refusal("log.unknown_batch");
  json::object report;
  add_kept_report(call, id, report);
  if (!report.contains("left_out")) throw Refusal("api.no_report");
  TextSink out;
  const auto sink = intake::make_row_sink(intake::FileForm::csv, out, "");
  using base::ValueType;
  const std::vector<intake::SinkColumn> columns = {{"what", ValueType::text},
                                                   {"line", ValueType::integer},
                                                   {"column", ValueType::text},
                                                   {"code", ValueType::text},
                                                   {"reason", ValueType::text}};
  sink->open(columns);
  for (const std::string_view list : kLists) {
    const auto* entries = report.if_contains(list);
    if (entries == nullptr) continue;
    for (const json::value& each : entries->as_array()) {
      const std::vector<std::string> fields = {
          std::string(kind_of(list)), std::to_string(each.at("line").as_int64()),
          std::string(each.at("column").as_string()), std::string(each.at("code").as_string()),
          std::string(each.at("detail").as_string())};
      sink->row(fields);
    }
  }
  sink->finish();
  net::Response response = net::make_response(200, "text/csv; charset=utf-8", out.take());
  response.headers.add("Content-Disposition", R"(attachment; filename="left-out.csv")");
  return response;
}

}  // namespace api
