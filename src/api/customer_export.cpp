// Customers as a table in a file: the rows of a list, with the columns somebody asks for.
#include <algorithm>
#include <boost/describe.hpp>
#include <filesystem>
#include <set>

#include "api/customer_columns.h"
#include "api/customer_found.h"
#include "api/export_record.h"
#include "api/route.h"
#include "audience/everyone.h"
#include "customer/identity.h"
#include "customer/person.h"
#include "intake/row_sink.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kFileRowsAtOnce = 500;  // in one read
// A file is put together in memory before it is sent.
constexpr std::size_t kFileBytesMax = std::size_t{256} * 1024 * 1024;

struct FileBody {
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::optional<std::int64_t> audience;
  std::optional<std::string> search;
  std::optional<std::vector<std::string>> columns;
  std::optional<std::string> at;
  std::optional<std::string> at_least;
  std::optional<SortBody> sort;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(FileBody, (),
                      (rule, tree, audience, search, columns, at, at_least, sort, reference))

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

  void found(intake::RowSink& sink, Questions::Turn& turn, const Whom& whom) {
    const FoundPeople people(call_, whom);
    std::string after;
    std::set<base::CustomerId> told;  // somebody may be on two pages of a search
    do {
      const FoundPeople::Page page = people.page(after, kFileRowsAtOnce);
      std::vector<base::CustomerId> persons;
      for (const audience::Listed& each : page.people) {
        if (told.insert(each.person).second) persons.push_back(each.person);
      }
      write(sink, persons, turn);
      after = page.next;
    } while (!after.empty());
  }

  void in_order(intake::RowSink& sink, Questions::Turn& turn, const Whom& whom,
                const audience::SortOrder& order) {
    const std::size_t everybody = static_cast<std::size_t>(pin_.persons()) + 1;
    std::vector<base::CustomerId> persons;
    for (const audience::Sorted& each : sorted_people(call_, whom, {order, everybody}, turn)) {
      persons.push_back(each.person);
    }
    write(sink, persons, turn);
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

net::Response file_response(intake::FileForm form, std::string bytes) {
  const bool book = form == intake::FileForm::xlsx;
  net::Response response =
      net::make_response(200,
                         book ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                              : "text/csv; charset=utf-8",
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
  std::optional<audience::SortOrder> order;
  if (body.sort) order = sort_order(call, *body.sort, at);
  call.await(body.at_least);
  const CustomerColumns columns = columns_of(call, body.columns);
  Questions::Turn turn(call.services().questions,
                       table_question(call, QuestionKind::audience_export, asked, body.reference));
  auto pinned = call.pin();
  follow_orders(call, columns, pinned, turn.stop_token());
  // A file does not say of which moment of the log it is.
  if (!pinned.fresh) throw Refusal("api.position_not_reached");
  DownloadSink bytes;
  const auto sink =
      intake::make_row_sink(form, bytes, std::filesystem::temp_directory_path().string());
  sink->open(columns.header());
  TableFile file(call, columns, pinned.pin, at);
  const std::string search = body.search.value_or("");
  const Whom whom{pinned.pin, at, asked, search};
  if (order) {
    file.in_order(*sink, turn, whom, *order);
  } else if (!search.empty()) {
    file.found(*sink, turn, whom);
  } else if (asked) {
    file.matching(*sink, turn, *asked);
  } else {
    file.everybody(*sink, turn);
  }
  sink->finish();
  record_export(call, {.what = asked ? "audience" : "customers",
                       .form = form == intake::FileForm::xlsx ? "xlsx" : "csv",
                       .asked = asked ? &*asked : nullptr,
                       .is_searched = !search.empty(),
                       .columns = columns.names(),
                       .rows = file.rows()});
  return file_response(form, bytes.take());
}

constexpr Route kRoutes[] = {
    {net::Method::post, "/customers/export", Guard::of(Permission::customers_read), export_table},
};

}  // namespace

std::span<const Route> customer_export_routes() { return kRoutes; }

}  // namespace api
