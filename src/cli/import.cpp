// import, imports, import undo, export.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/json.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "intake/mapping.h"

namespace cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kUndoLookEvery{500};

// The server may have another working directory.
std::string absolute(const std::string& file) { return std::filesystem::absolute(file).string(); }

// What was met in a sheet; dates are no news.
void print_sheet(const json::value& sheet) {
  print_note(message("import.sheet", text_of(sheet, "name"), text_of(sheet, "other_sheets")));
  if (sheet.at("hidden").as_bool()) print_note(message("import.sheet_hidden"));
  for (const char* const note : {"formulas", "formulas_without_value", "errors", "digits_lost",
                                 "merged_ranges", "hidden_rows", "hidden_columns"}) {
    const std::int64_t count = sheet.at(note).as_int64();
    if (count > 0) print_note(message("import.sheet_" + std::string(note), grouped(count)));
  }
}

// What an import through a mapping tells beside: the first rows as they will be, values left out.
void print_mapped(const json::object& report) {
  if (!report.contains("mapping")) return;
  if (const json::value* file = report.if_contains("recognised")) {
    print_line(message("import.recognised_" + std::string(file->as_string())));
  }
  if (report.at("mapping").as_object().contains("header")) print_note(message("import.no_header"));
  if (const json::value* preview = report.if_contains("preview")) {
    const json::array& columns = preview->at("columns").as_array();
    for (const json::value& row : preview->at("rows").as_array()) {
      std::string line;
      const json::array& fields = row.at("fields").as_array();
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].as_string().empty()) continue;
        line += (line.empty() ? "" : " · ") + std::string(columns[i].as_string()) + "=" +
                std::string(fields[i].as_string());
      }
      print_line(message("import.preview", text_of(row, "line"), line));
    }
  }
  for (const json::value& value : report.at("values_left_out").as_array()) {
    print_line(message("import.value_left_out", text_of(value, "line"), text_of(value, "column"),
                       text_of(value, "detail"), text_of(value, "code")));
  }
  for (const json::value& row : report.at("other_persons").as_array()) {
    print_line(message("import.other_person", text_of(row, "line"), text_of(row, "column"),
                       text_of(row, "detail"), text_of(row, "code")));
  }
  if (const auto rows = report.at("rows_left_by_rule").as_int64(); rows > 0) {
    print_line(message("import.left_by_rule", grouped(rows)));
  }
}

// Of the file there is, else of the name it was saved under.
json::value mapping_of(Program& program, const std::string& map) {
  std::ifstream file(map, std::ios::binary);
  if (!file || std::filesystem::is_directory(map)) {
    const json::value all = program.ask(net::Method::get, "/api/v1/mappings");
    for (const json::value& saved : all.at("mappings").as_array()) {
      if (saved.at("name") != json::value(map)) continue;
      return program.ask(net::Method::get, "/api/v1/mappings/" + text_of(saved, "id"))
          .at("mapping");
    }
    throw CommandError(message("import.no_such_mapping", map));
  }
  std::string text(intake::kMappingBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto mapping = base::parse_json(text, intake::kMappingBytesMax);
  if (!mapping || !mapping->is_object()) throw CommandError(message("import.no_mapping", map));
  return std::move(*mapping);
}

// The mapping of --map, of the kind the command is for.
json::object mapping_in(Program& program, const ImportArguments& arguments) {
  const json::value mapping = mapping_of(program, arguments.map);
  const json::object& object = mapping.as_object();
  const json::value* kind = object.if_contains("kind");
  const bool customers = kind != nullptr && *kind == json::value("customers");
  if (!arguments.kind.empty() && customers != (arguments.kind == "customers")) {
    throw WrongUse(message("import.other_kind", arguments.map, arguments.kind));
  }
  return object;
}

void print_report(const json::value& report, bool dry_run) {
  // A row of somebody's file may become several.
  const json::value* rows = report.as_object().if_contains("rows_of_file");
  if (rows == nullptr) rows = &report.at("rows_read");
  print_line(message(dry_run ? "import.report_dry" : "import.report", text_of(report, "id"),
                     grouped(rows->as_int64()), grouped(report.at("rows_imported").as_int64()),
                     grouped(report.at("rows_repeated").as_int64()),
                     grouped(report.at("rows_left_out").as_int64())));
  if (report.at("times_look_like_seconds").as_bool()) print_note(message("import.seconds"));
  if (const json::value* sheet = report.as_object().if_contains("sheet")) print_sheet(*sheet);
  const json::array& left_out = report.at("left_out").as_array();
  for (const json::value& row : left_out) {
    print_line(message("import.left_out", text_of(row, "line"), text_of(row, "column"),
                       text_of(row, "detail"), text_of(row, "code")));
  }
  print_mapped(report.as_object());
  const std::int64_t more =
      report.at("rows_left_out").as_int64() - static_cast<std::int64_t>(left_out.size());
  if (more > 0) print_line(message("import.more_left_out", grouped(more)));
}

std::string progress_line(Program& program) {
  const json::value progress = program.ask(net::Method::get, "/local/v1/progress");
  const std::int64_t total = progress.at("bytes_total").as_int64();
  if (total <= 0) return "";
  const std::int64_t done = progress.at("bytes_done").as_int64();
  return message("import.progress", grouped(progress.at("rows").as_int64()), done * 100 / total,
                 text_of(progress, "seconds_left"));
}

}  // namespace

int import_file(const Target& target, const ImportArguments& arguments) {
  if (!std::filesystem::exists(arguments.file)) {
    throw CommandError(message("file.missing", arguments.file));
  }
  json::object body = {{"kind", arguments.kind},
                       {"file", absolute(arguments.file)},
                       {"dry_run", arguments.dry_run},
                       {"live", arguments.live}};
  Program program(target, Missing::is_made);
  if (!arguments.map.empty()) body["map"] = mapping_in(program, arguments);
  const json::value report = ask_with_progress(program, {"/local/v1/import", std::move(body)},
                                               [&] { return progress_line(program); });
  if (target.json) {
    print_json(report);
  } else {
    print_report(report, arguments.dry_run);
  }
  return 0;
}

int undo_import(const Target& target, std::int64_t import) {
  Program program(target);
  const std::string path = "/api/v1/imports/" + std::to_string(import);
  json::value answer = program.ask(net::Method::post, path + "/undo", json::object{});
  json::value kept = answer.at("kept");
  bool told = false;
  // It goes on by itself; who asked waits for its end.
  while (answer.at("import").at("state") == "undoing") {
    std::this_thread::sleep_for(kUndoLookEvery);
    json::value now = program.ask(net::Method::get, path);
    if (const json::value* undo = now.as_object().if_contains("undo")) {
      if (undo->at("failed").as_bool()) throw CommandError(message("import.undo_cut_off"));
      kept = undo->at("kept");
      if (!target.json && !told) print_note(message("import.undoing", text_of(*undo, "customers")));
      told = true;
    }
    answer = json::object{{"import", std::move(now)}, {"kept", kept}};
  }
  if (target.json) {
    print_json(answer);
    return 0;
  }
  print_line(message("import.undone", import));
  for (const json::value& each : kept.as_array()) {
    print_line(message("import.kept_" + text_of(each, "kind"), text_of(each, "customer"),
                       text_of(each, "name")));
  }
  return 0;
}

int list_imports(const Target& target) {
  Program program(target);
  json::array all;
  std::string after;
  do {
    const json::value page =
        program.ask(net::Method::get, "/api/v1/imports?limit=1000&after=" + after);
    for (const json::value& import : page.at("imports").as_array()) all.push_back(import);
    after = text_of(page, "next");
  } while (!after.empty());
  if (target.json) {
    print_json(json::object{{"imports", std::move(all)}});
    return 0;
  }
  const base::Zone zone = zone_of(program);
  for (const json::value& import : all) {
    print_line(message("import.line", text_of(import, "id"), in_zone(text_of(import, "at"), zone),
                       message("import.kind_" + text_of(import, "kind")),
                       message("import.state_" + text_of(import, "state")),
                       grouped(import.at("rows_imported").as_int64()), text_of(import, "file")));
  }
  return 0;
}

int export_file(const Target& target, const ExportArguments& arguments) {
  require_new(arguments.file);
  Program program(target);
  json::object asked{{"what", arguments.what},
                     {"audience", arguments.audience},
                     {"file", absolute(arguments.file)}};
  if (!arguments.customer.empty()) asked["customer"] = arguments.customer;
  const json::value answer = ask_question(program, {"/local/v1/export", std::move(asked)});
  if (target.json) {
    print_json(answer);
  } else {
    print_line(message("export.done", grouped(answer.at("rows").as_int64()), arguments.file));
  }
  return 0;
}

}  // namespace cli
