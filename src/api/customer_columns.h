// What is shown of customers in a table: columns as somebody names them, and the cells of a row.
//
//   attribute:NAME     as of the moment asked for
//   identity:KIND      all of the kind, today
//   tags, lists        those carried at the moment
//   created_at
//   first_event_at, last_event_at   up to the moment; what the product itself writes down
//                      (changes of attributes, tags …) is no event here
//   orders, net        orders with a payment, and net revenue, today (order/order.h)
//
// Phones and names are shown as the viewer's masks say, in files too. A CustomerColumns is made for
// one answer, belongs to its thread, and borrows the call.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "api/call.h"
#include "intake/row_sink.h"
#include "timeline/column_store.h"

namespace api {

inline constexpr std::size_t kColumnsMax = 50;

// A person of a pin.
struct PersonRow {
  const timeline::Pin& pin;
  timeline::Pin::Place place;
  base::CustomerId person;
  base::Moment at;
};

struct Cell {
  boost::json::value shown;  // null: unknown
  std::string text;          // the same in a file
};

class CustomerColumns {
 public:
  // Refuses unknown columns, one named twice, more than kColumnsMax.
  CustomerColumns(Call& call, store::Session& session, std::span<const std::string> asked);

  std::size_t size() const { return columns_.size(); }
  const std::string& name(std::size_t column) const { return columns_[column].asked; }
  std::vector<std::string> names() const;
  // Of a file; the first column is the customer's key. Attributes that have a label stand under it,
  // in the language of the asker.
  std::vector<intake::SinkColumn> header() const;
  // Whether the tables of orders must have caught up with the log before cells are made.
  bool has_orders() const;

  // One for each column.
  std::vector<Cell> cells(store::Session& session, const PersonRow& row) const;

 private:
  enum class Kind : std::uint8_t {
    attribute,
    identity,
    tags,
    lists,
    created_at,
    first_event_at,
    last_event_at,
    orders,
    net,
  };
  struct Column {
    std::string asked;
    Kind kind = Kind::attribute;
    std::string name = {};  // of attribute and identity
    std::int64_t id = 0;    // of the attribute
    base::ValueType type = base::ValueType::text;
    base::FieldNote note = {};
  };
  struct Thing {
    timeline::MembershipKey key;
    std::string name;
  };
  struct Reading;  // what one row has been asked for already

  Column column_of(store::Session& session, const std::string& asked) const;
  bool has(Kind kind) const;
  std::string title_of(const Column& column) const;
  Cell cell(const Column& column, Reading& reading) const;
  Cell attribute(const Column& column, Reading& reading) const;
  Cell identities(const Column& column, Reading& reading) const;
  Cell carried(std::span<const Thing> things, Reading& reading) const;
  Cell edge_event(Kind kind, Reading& reading) const;
  Cell orders(Kind kind, Reading& reading) const;

  Call& call_;
  FieldMask mask_;
  std::vector<Column> columns_;
  std::vector<Thing> tags_;
  std::vector<Thing> lists_;
  std::vector<base::EventTypeId> events_;  // that count as such
};

// The columns a body asks for.
CustomerColumns columns_of(Call& call, const std::optional<std::vector<std::string>>& asked);
// Columns of orders are of tables that follow the log by themselves: brings them to where it is
// now, so that no cell is older than the pin, or the pin is said not to be fresh.
void follow_orders(Call& call, const CustomerColumns& columns, Call::Pinned& pinned,
                   const std::stop_token& stop);

// The events that first_event_at and last_event_at look at, ascending.
std::vector<base::EventTypeId> counted_events(Call& call, store::Session& session);

}  // namespace api
