// Customers as a table: pages with the columns somebody asks for, and the same as a file.
#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <filesystem>
#include <functional>
#include <set>

#include "api/customer_columns.h"
#include "api/export_record.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "audience/evaluate.h"
#include "audience/everyone.h"
#include "customer/person.h"
#include "customer/record.h"
#include "customer/test_account.h"
#include "intake/row_sink.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kFileRowsAtOnce = 500;  // in one read
// A file is put together in memory before it is sent.
constexpr std::size_t kFileBytesMax = std::size_t{256} * 1024 * 1024;

struct TableBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::int64_t> audience;
  std::optional<std::string> search;
  std::optional<std::vector<std::string>> columns;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
  std::optional<std::string> after;
  std::optional<std::int64_t> limit;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(TableBody, (),
                      (rule, tree, audience, search, columns, at, at_least, after, limit,
                       reference))

struct FileBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::int64_t> audience;
  std::optional<std::vector<std::string>> columns;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(FileBody, (), (rule, tree, audience, columns, at, at_least, reference))

CustomerColumns columns_of(Call& call, const std::optional<std::vector<std::string>>& asked) {
  const std::vector<std::string> none;
  auto columns = call.services().database.read([&](store::Session& session) {
    return CustomerColumns(call, session, asked ? *asked : none);
  });
  if (columns.has_orders()) {
    const auto newest = call.services().database.read(
        [&](store::Session& session) { return call.services().log.newest(session); });
    call.services().orders.catch_up(newest, kAwaitMax);
  }
  return columns;
}

// A place of the pin that is this very person's: tables may know of a merge the pin does not.
std::optional<timeline::Pin::Place> place_in(const timeline::Pin& pin, base::CustomerId person) {
  const auto place = pin.place_of(person);
  if (!place || pin.person(place->block, place->row) != person) return std::nullopt;
  return place;
}

class TablePage {
 public:
  TablePage(Call& call, const CustomerColumns& columns, const Call::Pinned& pinned, base::Moment at)
      : call_(call), columns_(columns), pin_(pinned.pin), at_(at), mask_(call.mask()) {}

  json::array rows(std::span<const audience::Listed> people) const {
    json::array rows;
    call_.services().database.read([&](store::Session& session) {
      rows.clear();
      const auto tests = customer::customers_of_test_accounts(session);
      for (const audience::Listed& listed : people) {
        const auto place = place_in(pin_, listed.person);
        if (!place) continue;
        json::object made = row(session, listed, *place);
        made["test_account"] = std::ranges::binary_search(tests, listed.person);
        rows.push_back(std::move(made));
      }
    });
    return rows;
  }

 private:
  json::object row(store::Session& session, const audience::Listed& listed,
                   const timeline::Pin::Place& place) const {
    json::object cells;
    auto made = columns_.cells(session, {pin_, place, listed.person, at_});
    for (std::size_t at = 0; at < made.size(); ++at) {
      cells[columns_.name(at)] = std::move(made[at].shown);
    }
    return {
        {"id", listed.person.value}, {"key", mask_.key(listed.key)}, {"cells", std::move(cells)}};
  }

  Call& call_;
  const CustomerColumns& columns_;
  const timeline::Pin& pin_;
  base::Moment at_;
  Mask mask_;
};

// Who the customers left out are at the pin.
std::set<base::CustomerId> persons_left_out(const timeline::Pin& pin, const Asked& asked) {
  std::set<base::CustomerId> persons;
  for (const base::CustomerId customer : asked.left_out) {
    const auto place = pin.place_of(customer);
    if (place) persons.insert(pin.person(place->block, place->row));
  }
  return persons;
}

// Found by what was typed, or the newest; of a rule those for whom it holds.
struct FoundPage {
  std::vector<audience::Listed> people;
  std::string next;
};
FoundPage found_page(Call& call, const TableBody& body, const Call::Pinned& pinned,
                     const std::function<bool(const timeline::Pin::Place&)>& holds) {
  const rights::Masks& masks = call.caller().viewer.masks();
  const std::string text = body.search.value_or("");
  const std::string after = call.given_mark(body.after.value_or(""));
  const customer::Search search{
      .text = text,
      .after = after,
      .rows = std::min(page_rows(call, body.limit), customer::kPageRowsMax),
      .phones_masked = masks.phone,
      .names_masked = masks.name,
      .only = call.caller().viewer.only()};
  if (!customer::is_mark(search)) throw Refusal("api.bad_query", {{"subject", "after"}});
  const customer::Page page = call.services().database.read(
      [&](store::Session& session) { return customer::list_customers(session, search); });
  FoundPage found{.people = {}, .next = page.next};
  for (const customer::Listed& listed : page.customers) {
    const auto place = place_in(pinned.pin, listed.person);
    if (place && holds(*place)) found.people.push_back({listed.key, listed.person});
  }
  return found;
}

net::Response list_found(Call& call, const TableBody& body, const std::optional<Asked>& asked) {
  const base::Moment at = call.moment(body.at, "/at").value_or(call.now());
  const CustomerColumns columns = columns_of(call, body.columns);
  const auto pinned = call.pin(body.at_least);
  // A test account is found by its name, and in no answer to a rule.
  const auto left_out = asked ? persons_left_out(pinned.pin, *asked) : std::set<base::CustomerId>{};
  const auto holds = [&](const timeline::Pin::Place& place) {
    if (!asked) return true;
    if (left_out.contains(pinned.pin.person(place.block, place.row))) return false;
    return audience::holds_at(*asked->rule, *pinned.pin.history(place.block, place.row), at);
  };
  const FoundPage found = found_page(call, body, pinned, holds);
  json::value next;
  if (!found.next.empty()) next = call.shown_mark(found.next);
  json::array warnings;
  if (asked) warnings = warnings_to_json(*asked->rule);
  return ok(with_position(
      json::object{{"customers", TablePage(call, columns, pinned, at).rows(found.people)},
                   {"next", std::move(next)},
                   {"at", iso(at)},
                   {"warnings", std::move(warnings)}},
      pinned));
}

net::Response list_matching(Call& call, const TableBody& body, const Asked& asked) {
  const PageStart start = page_start(call, body.after);
  base::Moment at = call.moment(body.at, "/at").value_or(call.now());
  if (start.at && !body.at) at = *start.at;
  const std::size_t rows = page_rows(call, body.limit);
  call.await(body.at_least);
  call.await(start.position);
  const CustomerColumns columns = columns_of(call, body.columns);
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::list, asked, body.reference));
  const auto pinned = call.pin();
  const audience::ListPage page =
      rule_page(call, pinned.pin, {asked, at, {.limit = rows, .after = start.after}}, turn);
  json::value next = next_page(call, start, {at, pinned.pin.position(), page.next});
  return ok(with_position(
      json::object{{"customers", TablePage(call, columns, pinned, at).rows(page.people)},
                   {"next", std::move(next)},
                   {"at", iso(at)},
                   {"warnings", warnings_to_json(*asked.rule)}},
      pinned));
}

net::Response list_table(Call& call) {
  const auto body = call.body<TableBody>();
  const auto asked = ask_for(call, {{body.rule, body.tree}, body.audience});
  const bool searches = body.search && !body.search->empty();
  if (asked && !searches) return list_matching(call, body, *asked);
  return list_found(call, body, asked);
}

// What a download is put together in.
class DownloadSink final : public intake::ByteSink {
 public:
  void write(std::string_view bytes) override {
    if (bytes_.size() + bytes.size() > kFileBytesMax) throw Refusal("api.file_too_large");
    bytes_ += bytes;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Everybody of a block whom the viewer sees.
std::vector<base::CustomerId> persons_of(const timeline::Pin& pin, std::size_t block,
                                         const rights::Viewer& viewer) {
  std::vector<base::CustomerId> persons;
  pin.rows(block).each([&](std::size_t row) {
    const base::CustomerId person = pin.person(block, row);
    if (viewer.sees(person)) persons.push_back(person);
  });
  return persons;
}

// The rows of a file, in pieces: nothing but the file itself grows with them.
class TableFile {
 public:
  TableFile(Call& call, const CustomerColumns& columns, const timeline::Pin& pin, base::Moment at)
      : call_(call), columns_(columns), pin_(pin), at_(at), mask_(call.mask()) {}

  void everybody(intake::RowSink& sink, Questions::Turn& turn) {
    for (std::size_t block = 0; block < pin_.blocks(); ++block) {
      write(sink, persons_of(pin_, block, call_.caller().viewer), turn);
    }
  }

  void matching(intake::RowSink& sink, Questions::Turn& turn, const Asked& asked) {
    audience::Question question = question_of(call_, asked, at_);
    turn.watch(question);
    audience::EveryoneWalk walk(pin_, question, call_.services().pool);
    while (walk.more()) {
      const auto persons = walk.next();
      if (!persons) throw turn.refusal();
      write(sink, *persons, turn);
    }
  }

  std::int64_t rows() const { return rows_; }

 private:
  void write(intake::RowSink& sink, std::span<const base::CustomerId> persons,
             Questions::Turn& turn) {
    while (!persons.empty()) {
      if (!turn.go_on()) throw turn.refusal();
      const auto here = persons.first(std::min(kFileRowsAtOnce, persons.size()));
      persons = persons.subspan(here.size());
      std::vector<std::vector<std::string>> rows;
      call_.services().database.read([&](store::Session& session) {
        rows.clear();
        for (const base::CustomerId person : here) {
          if (auto fields = fields_of(session, person)) rows.push_back(std::move(*fields));
        }
      });
      for (const auto& fields : rows) sink.row(fields);
      rows_ += static_cast<std::int64_t>(rows.size());
    }
  }

  // Nothing: merged away or erased since the pin.
  std::optional<std::vector<std::string>> fields_of(store::Session& session,
                                                    base::CustomerId person) const {
    const auto known = customer::customer_with(session, person);
    const auto place = place_in(pin_, person);
    if (!known || known->person != person || !place) return std::nullopt;
    std::vector<std::string> fields = {mask_.key(customer::key_of(session, person))};
    for (Cell& cell : columns_.cells(session, {pin_, *place, person, at_})) {
      fields.push_back(std::move(cell.text));
    }
    return fields;
  }

  Call& call_;
  const CustomerColumns& columns_;
  const timeline::Pin& pin_;
  base::Moment at_;
  Mask mask_;
  std::int64_t rows_ = 0;
};

AskedQuestion export_question(Call& call, const std::optional<Asked>& asked,
                              const std::optional<std::string>& reference) {
  if (asked) return asked_question(call, QuestionKind::audience_export, *asked, reference);
  return {.kind = QuestionKind::audience_export,
          .actor = call.caller().viewer.actor(),
          .reference = call.reference(reference),
          .gone = call.request().sender_gone()};
}

net::Response file_response(intake::FileForm form, std::string bytes) {
  const bool book = form == intake::FileForm::xlsx;
  net::Response response = net::make_response(
      200, book ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv",
      std::move(bytes));
  response.headers.add("Content-Disposition", book ? R"(attachment; filename="customers.xlsx")"
                                                   : R"(attachment; filename="customers.csv")");
  return response;
}

intake::FileForm form_of(Call& call) {
  const std::string form = call.query("form");
  if (form.empty() || form == "csv") return intake::FileForm::csv;
  if (form == "xlsx") return intake::FileForm::xlsx;
  throw Refusal("api.bad_query", {{"subject", "form"}});
}

net::Response export_table(Call& call) {
  const auto body = call.body<FileBody>();
  const intake::FileForm form = form_of(call);
  const auto asked = ask_for(call, {{body.rule, body.tree}, body.audience});
  const base::Moment at = call.moment(body.at, "/at").value_or(call.now());
  call.await(body.at_least);
  const CustomerColumns columns = columns_of(call, body.columns);
  Questions::Turn turn(call.services().questions, export_question(call, asked, body.reference));
  const auto pinned = call.pin();
  // A file does not say of which moment of the log it is.
  if (!pinned.fresh) throw Refusal("api.position_not_reached");
  DownloadSink bytes;
  const auto sink =
      intake::make_row_sink(form, bytes, std::filesystem::temp_directory_path().string());
  sink->open(columns.header());
  TableFile file(call, columns, pinned.pin, at);
  if (asked) {
    file.matching(*sink, turn, *asked);
  } else {
    file.everybody(*sink, turn);
  }
  sink->finish();
  record_export(call, {.what = asked ? "audience" : "customers",
                       .form = form == intake::FileForm::xlsx ? "xlsx" : "csv",
                       .asked = asked ? &*asked : nullptr,
                       .columns = columns.names(),
                       .rows = file.rows()});
  return file_response(form, bytes.take());
}

constexpr Route kRoutes[] = {
    {net::Method::post, "/customers/list", Guard::of(Permission::customers_read), list_table},
    {net::Method::post, "/customers/export", Guard::of(Permission::customers_read), export_table},
};

}  // namespace

std::span<const Route> customer_table_routes() { return kRoutes; }

}  // namespace api
