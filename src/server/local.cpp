#include "server/local.h"

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <filesystem>
#include <iterator>

#include "api/asked.h"
#include "api/call.h"
#include "api/dispatch.h"
#include "api/export_record.h"
#include "api/filter.h"
#include "api/import_json.h"
#include "api/kept_report.h"
#include "api/mapped_import.h"
#include "api/route.h"
#include "audience/everyone.h"
#include "audience/tree.h"
#include "intake/export.h"
#include "intake/file.h"
#include "intake/row_sink.h"
#include "intake/table_file.h"
#include "server/check.h"
#include "server/order_persons.h"
#include "server/value_file.h"
#include "store/failure.h"
#include "timeline/sql_histories.h"
#include "timer/timer.h"

namespace server {
namespace {

namespace json = boost::json;

struct ImportBody {
  std::string kind;
  std::string file;
  bool dry_run = false;
  bool live = false;
  std::optional<json::object> map;
};
BOOST_DESCRIBE_STRUCT(ImportBody, (), (kind, file, dry_run, live, map))

struct ExportBody {
  std::string what;
  std::string audience;
  std::string file;
  std::optional<std::string> customer;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(ExportBody, (), (what, audience, file, customer, reference))

struct CheckBody {
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(CheckBody, (), (reference))

struct RebuildBody {
  std::string what;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(RebuildBody, (), (what, reference))

struct FileBody {
  std::string file;
};
BOOST_DESCRIBE_STRUCT(FileBody, (), (file))

// By the mapping that is given, as the kind that is given, or as what the file is recognised as.
json::object import_by(api::Call& call, const ImportBody& body, intake::ByteSource& file) {
  api::ImportOrder order{
      .kind = body.kind, .file_name = body.file, .dry_run = body.dry_run, .live = body.live};
  if (body.map) return api::run_mapped_import(call, order, file, api::mapping_of(*body.map));
  if (!order.kind.empty()) return api::run_import(call, order, file);
  const api::FileKind found = api::kind_of(call, file);
  order.kind = found.kind;
  if (!found.recognised) return api::run_import(call, order, file);
  json::object report = api::run_mapped_import(call, order, file, found.recognised->mapping);
  report["recognised"] = found.recognised->file;
  return report;
}

net::Response import_file(api::Call& call) {
  const auto body = call.body<ImportBody>();
  auto file = intake::TableFile::open(body.file);
  if (!file) throw api::Refusal(intake::code_of(file.error()));
  json::object report = import_by(call, body, **file);
  if ((*file)->form() == intake::FileForm::xlsx) report["sheet"] = api::sheet_to_json(**file);
  api::keep_report(call, report);
  return api::ok(std::move(report));
}

net::Response progress(api::Call& call) {
  const api::Progress& now = call.services().progress;
  const std::int64_t total = now.bytes_total;
  const std::int64_t done = now.bytes_done;
  const std::int64_t elapsed_ms = call.now().ms - now.started_ms;
  const std::int64_t left_ms = done > 0 ? elapsed_ms * (total - done) / done : 0;
  return api::ok(json::object{{"rows", now.rows.load()},
                              {"bytes_done", done},
                              {"bytes_total", total},
                              {"seconds_left", left_ms / 1000}});
}

api::Asked saved_audience(api::Call& call, const std::string& name) {
  const auto saved = call.services().database.read(
      [&](store::Session& session) { return audience::audience_named(session, name); });
  if (!saved) throw api::Refusal("audience.no_such_audience");
  // The tree keeps its ids: what was renamed since still means the same.
  auto tree = audience::from_tree_text(saved->tree);
  if (!tree) api::refuse(tree.error());
  api::RuleBody body;
  body.tree = audience::to_tree(*tree).as_object();
  return api::ask(call, body);
}

struct AudienceFile {
  const api::Asked& asked;
  intake::RowSink& sink;
};

// Blocks are asked and their persons written in turn, from one pin.
intake::ExportReport export_audience(api::Call& call, const ExportBody& body,
                                     intake::ExportMeans means, const AudienceFile& file) {
  using Kind = api::QuestionKind;
  const api::Asked& asked = file.asked;
  api::Questions::Turn turn(
      call.services().questions,
      api::asked_question(call, Kind::audience_export, asked, body.reference));
  // A file does not say of which moment of the log it is.
  const auto pinned = call.pin();
  if (!pinned.fresh) throw api::Refusal("api.position_not_reached");
  audience::Question question = api::question_of(call, asked, call.now());
  turn.watch(question);
  means.stop = turn.stop_token();
  means.progress = [&](std::int64_t) { turn.go_on(); };
  audience::EveryoneWalk walk(pinned.pin, question, call.services().pool);
  const auto next = [&]() -> std::optional<std::vector<base::CustomerId>> {
    if (!walk.more()) return std::nullopt;
    auto persons = walk.next();
    if (!persons) throw turn.refusal();
    return std::move(*persons);
  };
  const intake::ExportReport report = intake::export_customers(means, file.sink, next);
  if (report.stopped) throw turn.refusal();
  return report;
}

intake::ExportReport export_events(api::Call& call, const ExportBody& body,
                                   const intake::ExportMeans& means, intake::RowSink& sink) {
  if (!body.customer) return intake::export_events(means, sink);
  const auto ids = call.services().database.read([&](store::Session& session) {
    return api::ids_of(session, call.person(session, *body.customer));
  });
  return intake::export_events(means, sink, ids);
}

net::Response export_file(api::Call& call) {
  const auto body = call.body<ExportBody>();
  const intake::ExportMeans means{.database = call.services().database,
                                  .log = call.services().log,
                                  .stop = call.request().sender_gone()};
  auto file = intake::FileSink::open(body.file);
  if (!file) throw api::Refusal(intake::code_of(file.error()));
  const std::filesystem::path path(body.file);
  const bool workbook = path.extension() == ".xlsx";
  const auto made = intake::make_row_sink(workbook ? intake::FileForm::xlsx : intake::FileForm::csv,
                                          *file, path.parent_path());
  intake::RowSink& sink = *made;
  intake::ExportReport report;
  std::optional<api::Asked> asked;
  if (body.what == "customers") {
    report = intake::export_customers(means, sink);
  } else if (body.what == "events") {
    report = export_events(call, body, means, sink);
  } else if (body.what == "audience") {
    asked = saved_audience(call, body.audience);
    report = export_audience(call, body, means, {*asked, sink});
  } else {
    throw api::Refusal("api.bad_query", {{"subject", "what"}});
  }
  if (report.stopped) throw api::Refusal("api.asker_gone");
  sink.finish();
  api::record_export(call, {.what = body.what,
                            .form = workbook ? "xlsx" : "csv",
                            .asked = asked ? &*asked : nullptr,
                            .columns = {},
                            .rows = report.rows});
  file->finish();
  return api::ok(json::object{{"rows", report.rows}, {"wrong_types", report.wrong_types}});
}

net::Response check_all(api::Call& call) {
  const auto body = call.body<CheckBody>();
  api::Questions::Turn turn(call.services().questions, {.kind = api::QuestionKind::check,
                                                        .actor = call.caller().viewer.actor(),
                                                        .reference = call.reference(body.reference),
                                                        .gone = call.request().sender_gone()});
  timeline::SqlHistories histories(call.services().database, call.services().log);
  const OrderPersons persons;
  const CheckReport report =
      check({.database = call.services().database,
             .log = call.services().log,
             .histories = histories,
             .memory = call.services().memory,
             .orders = call.services().orders,
             .friendships = call.services().friendships,
             .persons = persons,
             .now = call.now(),
             .go_on = [&](const audience::Progress& done) { return turn.go_on(done); }});
  if (report.stopped) throw turn.refusal();
  json::array proved;
  for (const Proof& proof : report.proved) {
    proved.push_back(json::object{{"what", code_of(proof.what)}, {"rows", proof.rows}});
  }
  json::array problems;
  for (const CheckProblem& problem : report.problems) {
    problems.push_back(json::object{{"what", code_of(problem.what)}, {"where", problem.where}});
  }
  json::array unsettled;
  for (const Statement what : report.unsettled) unsettled.push_back(json::value(code_of(what)));
  return api::ok(json::object{{"proved", std::move(proved)},
                              {"problems", std::move(problems)},
                              {"unsettled", std::move(unsettled)}});
}

event_log::Projection& projection_named(api::Call& call, std::string_view name) {
  event_log::Projection* const known[] = {&call.services().orders, &call.services().friendships};
  const auto* const found = std::ranges::find(known, name, &event_log::Projection::reader);
  if (found == std::end(known)) throw api::Refusal("api.bad_query", {{"subject", "what"}});
  return **found;
}

// How far, about: rows of SQLite, transactions of PostgreSQL.
audience::Progress progress_to(const event_log::Position& through, const event_log::Position& end) {
  const bool is_of_epoch = through.epoch == end.epoch;
  if (end.transaction == 0) return {through.sequence, end.sequence};
  return {is_of_epoch ? through.transaction : 0, end.transaction};
}

net::Response rebuild(api::Call& call) {
  const auto body = call.body<RebuildBody>();
  event_log::Projection& projection = projection_named(call, body.what);
  api::Questions::Turn turn(call.services().questions, {.kind = api::QuestionKind::rebuild,
                                                        .actor = call.caller().viewer.actor(),
                                                        .reference = call.reference(body.reference),
                                                        .gone = call.request().sender_gone()});
  const auto end = call.services().database.read(
      [&](store::Session& session) { return call.services().log.newest(session); });
  bool stopped = false;
  const std::int64_t events = projection.rebuild([&](const event_log::Position& through) {
    stopped = !turn.go_on(progress_to(through, end));
    return !stopped;
  });
  if (stopped) throw turn.refusal();
  return api::ok(json::object{{"events", events}});
}

net::Response retry(api::Call& call) {
  return api::ok(json::object{
      {"timers", call.services().database.write("timer.try_again", timer::try_again)}});
}

net::Response backup(api::Call& call) {
  const auto body = call.body<FileBody>();
  if (std::filesystem::exists(body.file)) throw api::Refusal("local.file_exists");
  call.services().database.backup(body.file);
  return api::ok(
      json::object{{"bytes", static_cast<std::int64_t>(std::filesystem::file_size(body.file))}});
}

using Handler = net::Response (*)(api::Call&);

Handler handler_of(const net::Request& request) {
  const struct {
    net::Method method;
    std::string_view name;
    Handler handler;
  } kHandlers[] = {
      {net::Method::post, "import", import_file}, {net::Method::get, "progress", progress},
      {net::Method::post, "export", export_file}, {net::Method::post, "check", check_all},
      {net::Method::post, "rebuild", rebuild},    {net::Method::post, "backup", backup},
      {net::Method::post, "retry", retry},        {net::Method::post, "value", answer_value}};
  for (const auto& entry : kHandlers) {
    if (entry.method == request.method && request.segments.size() == 3 &&
        request.segments[2] == entry.name) {
      return entry.handler;
    }
  }
  return nullptr;
}

}  // namespace

net::Response answer_local(const net::Request& request, api::Services& services) {
  return api::guarded(request, [&] {
    const api::Caller caller{.viewer = rights::Viewer::command_line(), .known = true};
    api::Call call({request, services, caller, {}, api::kBodyBytesMax});
    const Handler handler = handler_of(request);
    if (handler == nullptr) throw api::Refusal("api.no_such_route");
    return handler(call);
  });
}

}  // namespace server
