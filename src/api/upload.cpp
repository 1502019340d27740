#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <memory>
#include <set>

#include "api/kept_report.h"
#include "api/mapped_import.h"
#include "api/route.h"
#include "api/uploads.h"
#include "base/check.h"
#include "base/text.h"
#include "intake/column_guess.h"
#include "intake/mapped_source.h"
#include "intake/saved_mapping.h"
#include "intake/table_file.h"

namespace api {

namespace json = boost::json;

namespace {

using rights::Permission;

constexpr std::size_t kSamples = 3;
constexpr std::size_t kSampleBytesMax = 200;

// One column of the file, from all of its cells.
struct Looked {
  std::string name;
  std::int64_t filled = 0;
  std::vector<std::string> samples = {};
  intake::ColumnGuess guess = {};

  void add(const std::string& cell) {
    if (cell.empty()) return;
    ++filled;
    guess.add(cell);
    if (samples.size() >= kSamples || cell.size() > kSampleBytesMax) return;
    if (std::ranges::find(samples, cell) == samples.end()) samples.push_back(cell);
  }
};

std::unique_ptr<intake::TableFile> open(const Upload& upload) {
  auto file = intake::TableFile::open(upload.path, upload.sheet);
  if (!file) throw Refusal(intake::code_of(file.error()));
  return std::move(*file);
}

struct LookedFile {
  std::vector<Looked> columns;
  std::int64_t rows = 0;
  char separator = ',';
  intake::SheetNotes notes = {};
};

LookedFile look_at(intake::TableFile& file, bool header) {
  LookedFile looked;
  intake::CsvReader reader(file, file.encoding());
  intake::CsvRow row;
  if (!reader.next(row)) throw Refusal("intake.empty_file");
  if (row.fault) throw Refusal("intake.header_unreadable");
  if (row.fields.size() > intake::kImportColumnsMax) throw Refusal("intake.too_many_columns");
  for (std::string& name : intake::column_names(row.fields, header)) {
    looked.columns.push_back({std::move(name)});
  }
  for (bool is_row = !header; is_row || reader.next(row); is_row = false) {
    if (++looked.rows > intake::kImportRowsMax) throw Refusal("intake.too_many_rows");
    if (row.fault) continue;
    const std::size_t count = std::min(row.fields.size(), looked.columns.size());
    for (std::size_t i = 0; i < count; ++i) looked.columns[i].add(row.fields[i]);
  }
  if (const auto fault = file.fault()) throw Refusal(intake::code_of(*fault));
  looked.separator = reader.separator();
  looked.notes = file.notes();
  file.rewind();
  return looked;
}

json::array problems_of(Call& call, const std::vector<intake::MappingError>& errors) {
  json::array out;
  for (const intake::MappingError& error : errors) {
    const ProblemText* text = find_problem(intake::code_of(error.fault));
    CHECK(text != nullptr);
    out.push_back(
        json::object{{"code", text->code},
                     {"subject", error.subject},
                     {"detail", sentence_of(*text, language_of(call.request()), error.subject)}});
  }
  return out;
}

json::array columns_of(const LookedFile& looked) {
  json::array out;
  for (const Looked& column : looked.columns) {
    json::array samples;
    for (const std::string& sample : column.samples) samples.push_back(json::value(sample));
    out.push_back(json::object{{"name", column.name},
                               {"filled", column.filled},
                               {"samples", std::move(samples)},
                               {"type", base::name_of(column.guess.type())}});
  }
  return out;
}

// `problems` and `preview` of a mapping; without preview when there are problems.
void add_preview(Call& call, intake::TableFile& file, const intake::Mapping& mapping,
                 json::object& shown) {
  std::vector<std::string> names;
  for (const json::value& column : shown.at("columns").as_array()) {
    names.emplace_back(column.at("name").as_string());
  }
  const auto errors = intake::check_mapping(mapping, names);
  shown["mapping"] = json::parse(intake::to_json_text(mapping));
  shown["problems"] = problems_of(call, errors);
  shown["preview"] = nullptr;
  if (errors.empty()) shown["preview"] = preview_to_json(call, file, mapping);
}

json::object to_json(const Upload& upload, const Progress& progress) {
  json::object out = upload.looked_at;
  out["id"] = upload.id;
  out["file"] = upload.file_name;
  out["at"] = iso(upload.at);
  out["state"] = name_of(upload.state);
  out["fault"] = upload.fault.empty() ? json::value(nullptr) : json::value(upload.fault);
  out["report"] = upload.report.empty() ? json::value(nullptr) : json::value(upload.report);
  if (upload.state == UploadState::importing) {
    out["progress"] = json::object{{"rows", progress.rows.load()},
                                   {"bytes_done", progress.bytes_done.load()},
                                   {"bytes_total", progress.bytes_total.load()}};
  }
  return out;
}

// Saved mappings that fit the columns of the file.
json::array fitting_mappings(Call& call, const json::object& looked_at) {
  std::vector<std::string> names;
  for (const json::value& column : looked_at.at("columns").as_array()) {
    names.emplace_back(column.at("name").as_string());
  }
  const auto saved = call.services().database.read(
      [](store::Session& session) { return intake::saved_mappings(session); });
  json::array out;
  for (const intake::SavedMapping* each : intake::fitting(saved, names)) {
    out.push_back(json::object{{"id", each->id.value}, {"name", each->name}});
  }
  return out;
}

std::string who(const Call& call) { return rights::to_text(call.caller().viewer.actor()); }

Upload upload_of(Call& call) {
  call.services().uploads.forget_old(call.now());
  const auto upload = call.services().uploads.find(call.id(0), who(call));
  if (!upload) throw Refusal("api.not_there");
  return *upload;
}

net::Response shown(Call& call, std::int64_t id, int status = 200) {
  const auto upload = call.services().uploads.find(id, who(call));
  if (!upload) throw Refusal("api.not_there");
  json::object out = to_json(*upload, call.services().uploads.progress());
  const bool open = upload->state == UploadState::ready || upload->state == UploadState::failed;
  if (open) out["fitting_mappings"] = fitting_mappings(call, upload->looked_at);
  return json_response(status, out);
}

// Names of what Upload.encoding says.
std::string_view name_of(base::Encoding encoding) {
  switch (encoding) {
    case base::Encoding::utf8:
      return "UTF-8";
    case base::Encoding::utf16_le:
      return "UTF-16LE";
    case base::Encoding::utf16_be:
      return "UTF-16BE";
    case base::Encoding::gb18030:
      return "GB18030";
  }
  base::unreachable();
}

// How the bytes were read: {form, encoding, delimiter} of text, {form, sheet, sheets, notes} of a
// workbook.
json::object form_of(const intake::TableFile& file, const LookedFile& looked) {
  json::object out{{"form", intake::name_of(file.form())}};
  const bool text = file.form() == intake::FileForm::csv;
  out["encoding"] = text ? json::value(name_of(file.encoding())) : nullptr;
  out["delimiter"] = text ? json::value(std::string(1, looked.separator)) : nullptr;
  out["sheet"] = text ? json::value() : json::value(file.sheets()[file.sheet()].name);
  json::array sheets;
  for (const intake::Sheet& sheet : file.sheets()) {
    sheets.push_back(
        json::object{{"name", sheet.name}, {"hidden", sheet.is_hidden}, {"empty", sheet.is_empty}});
  }
  out["sheets"] = std::move(sheets);
  out["notes"] = text ? json::value() : json::value(notes_to_json(looked.notes));
  return out;
}

void add_columns(const LookedFile& looked, bool header, json::object& shown_file) {
  shown_file["header"] = header;
  shown_file["rows"] = looked.rows;
  shown_file["columns"] = columns_of(looked);
}

// Everything that is found out of a file or another sheet of it, with the mapping it proposes.
intake::Mapping look_at_upload(Call& call, const Upload& upload, json::object& shown_file) {
  const auto file = open(upload);
  const auto head = intake::look_at_head(*file);
  if (!head) throw Refusal(head.error());
  const LookedFile looked = look_at(*file, head->header);
  const intake::Recognised recognised = intake::recognise(*head);
  shown_file = form_of(*file, looked);
  shown_file["bytes"] = upload.bytes;
  add_columns(looked, head->header, shown_file);
  shown_file["recognised"] = recognised.file;
  add_preview(call, *file, recognised.mapping, shown_file);
  return recognised.mapping;
}

net::Response create_upload(Call& call) {
  Uploads& uploads = call.services().uploads;
  uploads.forget_old(call.now());
  Upload fresh;
  fresh.who = who(call);
  fresh.file_name = intake::shown_file_name(call.query("file"));
  fresh.sheet = call.query("sheet");
  fresh.bytes = static_cast<std::int64_t>(call.request().body.size());
  fresh.at = call.now();
  auto upload = uploads.add(std::move(fresh), call.request().body);
  if (!upload) throw Refusal("api.too_many_uploads");
  try {
    json::object shown_file;
    const intake::Mapping mapping = look_at_upload(call, *upload, shown_file);
    uploads.change(upload->id, [&](Upload& now) {
      now.mapping = mapping;
      now.looked_at = std::move(shown_file);
    });
  } catch (const Refusal&) {
    uploads.drop(upload->id, upload->who);
    throw;
  }
  return shown(call, upload->id, 201);
}

struct SheetBody {
  std::string sheet;
};
BOOST_DESCRIBE_STRUCT(SheetBody, (), (sheet))

// Another sheet is another table: it is looked at anew, and has a mapping of its own.
net::Response change_sheet(Call& call) {
  Upload upload = upload_of(call);
  if (upload.state == UploadState::done) throw Refusal("api.upload_done");
  upload.sheet = call.body<SheetBody>().sheet;
  json::object shown_file;
  const intake::Mapping mapping = look_at_upload(call, upload, shown_file);
  const bool changed = call.services().uploads.change(upload.id, [&](Upload& now) {
    now.sheet = upload.sheet;
    now.mapping = mapping;
    now.looked_at = std::move(shown_file);
    now.report.clear();
  });
  if (!changed) throw Refusal("api.import_runs");
  return shown(call, upload.id);
}

net::Response list_uploads(Call& call) {
  Uploads& uploads = call.services().uploads;
  uploads.forget_old(call.now());
  json::array out;
  for (const Upload& upload : uploads.all_of(who(call))) {
    out.push_back(json::object{{"id", upload.id},
                               {"file", upload.file_name},
                               {"at", iso(upload.at)},
                               {"state", name_of(upload.state)}});
  }
  return ok(json::object{{"uploads", std::move(out)}});
}

net::Response get_upload(Call& call) { return shown(call, upload_of(call).id); }

net::Response change_mapping(Call& call) {
  const Upload upload = upload_of(call);
  if (upload.state == UploadState::done) throw Refusal("api.upload_done");
  const intake::Mapping mapping = mapping_of(call.body<json::value>());
  json::object looked = upload.looked_at;
  const auto file = open(upload);
  // Whoever says that the first row is one like the others, or is none, means other columns.
  if (looked.at("header").as_bool() != mapping.header) {
    add_columns(look_at(*file, mapping.header), mapping.header, looked);
  }
  add_preview(call, *file, mapping, looked);
  const bool changed = call.services().uploads.change(upload.id, [&](Upload& now) {
    now.mapping = mapping;
    now.looked_at = std::move(looked);
  });
  if (!changed) throw Refusal("api.import_runs");
  return shown(call, upload.id);
}

struct ImportUploadBody {
  bool dry_run = false;
  bool live = false;
  static constexpr std::array kDefaults = {std::string_view("dry_run"), std::string_view("live")};
};
BOOST_DESCRIBE_STRUCT(ImportUploadBody, (), (dry_run, live))

net::Response import_upload(Call& call) {
  const Upload upload = upload_of(call);
  if (upload.state == UploadState::done) throw Refusal("api.upload_done");
  const auto body = call.body<ImportUploadBody>();
  ImportOrder order{
      .kind = "", .file_name = upload.file_name, .dry_run = body.dry_run, .live = body.live};
  // The call ends before the import does: the thread has its own of the same request.
  net::Request request;
  request.headers = call.request().headers;
  const auto work = [upload, order, request, caller = call.caller(), &services = call.services()](
                        Progress& progress, const std::stop_token& stop) {
    Call own({request, services, caller, {}, 0});
    ImportOrder mine = order;
    mine.progress = &progress;
    mine.stop = stop;
    const auto file = open(upload);
    json::object report = run_mapped_import(own, mine, *file, upload.mapping);
    if (file->form() == intake::FileForm::xlsx) report["sheet"] = sheet_to_json(*file);
    keep_report(own, report);
    return report;
  };
  if (!call.services().uploads.start(upload.id, work)) throw Refusal("api.import_runs");
  return shown(call, upload.id, 202);
}

net::Response stop_upload(Call& call) {
  const Upload upload = upload_of(call);
  if (!call.services().uploads.stop(upload.id)) throw Refusal("api.not_there");
  return shown(call, upload.id);
}

net::Response drop_upload(Call& call) {
  const Upload upload = upload_of(call);
  if (!call.services().uploads.drop(upload.id, upload.who)) throw Refusal("api.import_runs");
  return no_content();
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/uploads", Guard::of(Permission::imports_write), list_uploads},
    {net::Method::post, "/uploads", Guard::of(Permission::imports_write), create_upload,
     kFileBodyBytesMax},
    {net::Method::get, "/uploads/{id}", Guard::of(Permission::imports_write), get_upload},
    {net::Method::del, "/uploads/{id}", Guard::of(Permission::imports_write), drop_upload},
    {net::Method::put, "/uploads/{id}/sheet", Guard::of(Permission::imports_write), change_sheet},
    {net::Method::put, "/uploads/{id}/mapping", Guard::of(Permission::imports_write),
     change_mapping},
    {net::Method::post, "/uploads/{id}/import", Guard::of(Permission::imports_write),
     import_upload},
    {net::Method::post, "/uploads/{id}/stop", Guard::of(Permission::imports_write), stop_upload},
};

}  // namespace

std::span<const Route> upload_routes() { return kRoutes; }

}  // namespace api
