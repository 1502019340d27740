#include <boost/json/array.hpp>

#include "api/bulk_changes.h"
#include "api/import_json.h"
#include "api/kept_report.h"
#include "api/route.h"
#include "base/check.h"
#include "intake/customer_file.h"
#include "intake/event_file.h"
#include "intake/import_undo.h"
#include "store/failure.h"

namespace api {

namespace json = boost::json;

namespace {

using rights::Permission;

// Shows how far an import is while it lives.
class Watched {
 public:
  Watched(Progress& progress, base::Moment now) : progress_(progress) {
    progress_.rows = 0;
    progress_.bytes_done = 0;
    progress_.started_ms = now.ms;
  }
  ~Watched() { progress_.bytes_total = 0; }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  void show(const intake::ImportProgress& now) {
    progress_.rows = now.rows;
    progress_.bytes_done = static_cast<std::int64_t>(now.bytes_done);
    progress_.bytes_total = static_cast<std::int64_t>(now.bytes_total);
  }

 private:
  Progress& progress_;
};

json::object report_to_json(Call& call, const ImportOrder& order,
                            const intake::ImportReport& report) {
  json::array left_out;
  const Language language = language_of(call.request());
  for (const intake::LeftOut& row : report.left_out) {
    left_out.push_back(left_out_to_json(row, language));
  }
  json::array columns;
  for (const intake::ColumnNote& column : report.columns) {
    columns.push_back(json::object{{"name", column.name}, {"type", base::name_of(column.type)}});
  }
  return {{"id", report.batch.value},
          {"kind", order.kind},
          {"file", intake::shown_file_name(order.file_name)},
          {"state", order.dry_run    ? "dry_run"
                    : report.stopped ? "stopped"
                                     : "done"},
          {"by", rights::to_text(call.caller().viewer.actor())},
          {"at", iso(call.now())},
          {"rows_read", report.counts.rows},
          {"rows_imported", report.counts.written},
          {"rows_repeated", report.counts.repeated},
          {"rows_left_out", report.counts.refused},
          {"customers_created", report.customers_created},
          {"reviews_opened", report.reviews_opened},
          {"wrong_types", report.wrong_types},
          {"times_look_like_seconds", report.times_look_like_seconds},
          {"left_out", std::move(left_out)},
          {"columns", std::move(columns)},
          {"position", call.position()}};
}

net::Response list_imports(Call& call) {
  std::optional<base::BatchId> after;
  if (const std::int64_t id = call.mark_id(); id != 0) after = base::BatchId{id};
  const std::int64_t limit = call.limit();
  // One more than shown tells whether there is a next page.
  auto batches = call.services().database.read([&](store::Session& session) {
    if (after && !event_log::find_batch(session, *after)) {
      throw Refusal("api.bad_query", {{"subject", "after"}});
    }
    return event_log::list_batches(session, limit + 1, after);
  });
  json::value next;
  if (static_cast<std::int64_t>(batches.size()) > limit) {
    batches.pop_back();
    next = std::to_string(batches.back().id.value);
  }
  json::array out;
  for (const event_log::Batch& batch : batches) out.push_back(to_json(batch));
  return ok(json::object{{"imports", std::move(out)}, {"next", std::move(next)}});
}

net::Response get_import(Call& call) {
  const auto batch = call.services().database.read([&](store::Session& session) {
    return event_log::find_batch(session, base::BatchId{call.id(0)});
  });
  if (!batch) throw Refusal("log.unknown_batch");
  json::object out = to_json(*batch);
  add_kept_report(call, batch->id, out);
  if (call.caller().viewer.may(Permission::imports_write)) add_undo(call, batch->id, out);
  return ok(std::move(out));
}

net::Response create_import(Call& call) {
  const std::string_view type = call.request().headers.find("Content-Type").value_or("");
  if (!type.starts_with("text/csv")) throw Refusal("api.not_csv");
  ImportOrder order{.kind = call.query("kind"),
                    .file_name = call.query("file"),
                    .dry_run = call.flag("dry_run"),
                    .live = call.flag("live")};
  if (order.file_name.empty()) order.file_name = order.kind + ".csv";
  const auto file = intake::TableFile::of_bytes(call.request().body);
  if (!file) throw Refusal(intake::code_of(file.error()));
  json::object report = run_import(call, order, **file);
  keep_report(call, report);
  return created(std::move(report));
}

net::Response undo_import(Call& call) {
  const base::BatchId id{call.id(0)};
  TakenBack taken = take_back(call, id);
  const auto batch = call.services().database.read(
      [&](store::Session& session) { return event_log::find_batch(session, id); });
  if (!batch) throw Refusal("log.unknown_batch");
  return json_response(taken.status,
                       json::object{{"import", to_json(*batch)}, {"kept", std::move(taken.kept)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/imports", Guard::of(Permission::imports_read), list_imports},
    {net::Method::post, "/imports", Guard::of(Permission::imports_write), create_import,
     kFileBodyBytesMax},
    {net::Method::get, "/imports/{id}", Guard::of(Permission::imports_read), get_import},
    {net::Method::get, "/imports/{id}/left-out", Guard::of(Permission::imports_read),
     left_out_file},
    {net::Method::post, "/imports/{id}/undo", Guard::of(Permission::imports_write), undo_import},
};

}  // namespace

json::object to_json(const event_log::Batch& batch) {
  return {{"id", batch.id.value},
          {"kind", batch.kind},
          {"file", batch.file_name},
          {"state", event_log::name_of(batch.state)},
          {"by", batch.who},
          {"at", iso(batch.started)},
          {"rows_read", batch.counts.rows},
          {"rows_imported", batch.counts.written},
          {"rows_repeated", batch.counts.repeated},
          {"rows_left_out", batch.counts.refused}};
}

namespace {

json::array to_json(const std::vector<event_log::BuiltUpon>& kept) {
  json::array all;
  for (const event_log::BuiltUpon& left : kept) {
    all.push_back(json::object{{"customer", "c_" + std::to_string(left.customer.value)},
                               {"kind", left.kind},
                               {"name", left.name}});
  }
  return all;
}

}  // namespace

TakenBack take_back(Call& call, base::BatchId id) {
  Services& services = call.services();
  const auto batch = services.database.read(
      [&](store::Session& session) { return event_log::find_batch(session, id); });
  if (batch && batch->kind == kBulkAssignKind) throw Refusal("api.bulk_not_undone");
  // From here on nobody sees its events; the rest may take long.
  const auto begun = intake::begin_undo({.database = services.database,
                                         .log = services.log,
                                         .clock = services.clock,
                                         .followers = {}},
                                        id);
  if (!begun) throw Refusal(event_log::code_of(begun.error()));
  if (!services.undoings.add(id, call.writing())) throw Refusal("api.too_many_undos");
  const auto undoing = services.undoings.await(id, kAwaitMax);
  if (!undoing || !undoing->is_over()) return {202, {}};
  if (undoing->state == Undoing::State::failed) {
    throw store::Failure(store::FailureKind::unavailable, "taking back was cut off: ask again");
  }
  return {200, to_json(undoing->kept)};
}

void add_undo(Call& call, base::BatchId id, json::object& shown) {
  const auto undoing = call.services().undoings.find(id);
  if (!undoing) return;
  shown["undo"] = json::object{{"customers", undoing->customers},
                               {"done", undoing->done},
                               {"failed", undoing->state == Undoing::State::failed},
                               {"kept", to_json(undoing->kept)}};
}

json::object left_out_to_json(const intake::LeftOut& row, Language language) {
  const ProblemText* text = find_problem(row.code);
  CHECK(text != nullptr);
  std::string column = row.column_name;
  if (column.empty() && row.column != 0) column = std::to_string(row.column);
  return {{"line", row.line},
          {"column", column},
          {"code", row.code},
          {"detail", sentence_of(*text, language, column)}};
}

json::object notes_to_json(const intake::SheetNotes& notes) {
  return {
      {"formulas", notes.formulas},       {"formulas_without_value", notes.formulas_without_value},
      {"errors", notes.errors},           {"dates", notes.dates},
      {"digits_lost", notes.digits_lost}, {"merged_ranges", notes.merged_ranges},
      {"hidden_rows", notes.hidden_rows}, {"hidden_columns", notes.hidden_columns}};
}

json::object sheet_to_json(const intake::TableFile& file) {
  const intake::Sheet& sheet = file.sheets()[file.sheet()];
  json::object out{{"name", sheet.name},
                   {"hidden", sheet.is_hidden},
                   {"other_sheets", file.sheets().size() - 1}};
  for (auto& note : notes_to_json(file.notes())) out.insert(note);
  return out;
}

json::object run_import(Call& call, const ImportOrder& order, intake::ByteSource& file) {
  Services& services = call.services();
  const bool events = order.kind == "events";
  if (!events && order.kind != "customers") throw Refusal("api.bad_query", {{"subject", "kind"}});
  const base::Zone zone = call.zone();
  Watched watched(order.progress != nullptr ? *order.progress : services.progress, call.now());
  const intake::ImportMeans means{services.database, services.log, services.clock, services.random,
                                  zone};
  const intake::ImportRequest request{
      .file_name = order.file_name,
      .actor = call.caller().viewer.actor(),
      .dry_run = order.dry_run,
      .live = order.live,
      .apart = order.apart,
      .progress = [&](const intake::ImportProgress& now) { watched.show(now); },
      .stop = order.stop};
  const auto report = events ? intake::import_events(means, file, request)
                             : intake::import_customers(means, file, request);
  if (!report) {
    throw Refusal(intake::code_of(report.error().fault), {{"subject", report.error().subject}});
  }
  return report_to_json(call, order, *report);
}

std::span<const Route> import_routes() { return kRoutes; }

}  // namespace api
