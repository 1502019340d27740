// What the columns of somebody's file mean: a value, written as JSON, that makes rows of any file
// into rows that the importers take (intake/mapped_rows.h). The same in `--map FILE`, in the API
// and in what recognising proposes.
//
//   {"kind": "customers",
//    "columns": [{"column": "手机号", "as": "identity", "name": "phone"},
//                {"column": "姓名", "as": "attribute", "name": "name", "type": "text"},
//                {"column": "标签", "as": "tags", "name": "店铺", "split": ","},
//                {"column": "接受短信", "as": "consent", "name": "marketing/sms"}],
//    "constants": [{"name": "来源", "value": "门店", "type": "text"}],
//    "since": {"columns": ["入会时间"], "format": "auto"},
//    "leave_out": [{"column": "姓名", "test": "contains", "values": ["示例"]}],
//    "apart": ["name", "gender"]}
//
//   {"kind": "events",
//    "columns": [{"column": "user_id", "as": "identity", "name": "customer"},
//                {"column": "item_id", "as": "property", "name": "sku"}],
//    "products": [{"name": "amount", "type": "money", "factors": ["UnitPrice", "Quantity"]}],
//    "events": [{"event": "order_refunded", "when": [{"column": "Quantity", "test": "below",
//                "values": ["0"]}], "time": {"columns": ["InvoiceDate"]}},
//               {"event": "order_paid", "time": {"columns": ["InvoiceDate"], "format": "auto"}}],
//    "key": ["InvoiceNo", "StockCode"]}
//
//   {"kind": "orders", "order": "订单号", "columns": […],
//    "events": [{"event": "order_paid", "time": {"columns": ["付款时间"]}, "amount": "实付金额"},
//               {"event": "order_closed", "when": [{"column": "状态", "test": "is",
//                "values": ["交易关闭"]}], "time": {"columns": ["关闭时间", "创建时间"]}}]}
//
// "header": false of a file whose first row is one like the others: its columns are #1, #2 …
// A column that is not named is ignored. Where a file has a column name more than once, the second
// is "name#2". The customer of a row is told by the first of its identity columns, in the order of
// `columns`, that has a usable value; of customers the others become identities too. `apart`: names
// of attributes that, beside the name, tell persons with one phone apart (docs/import.md).
//
// events: the first of `events` whose `when` all hold makes the row's event; none: the row is left
// out. `event_column` instead of `event`: the cell is the name. `key`: columns that together name
// the row of this event for ever; a row where one of them is blank has none. orders: every one of
// `events` that holds and has a time makes an event, its key made of order and event, so that a
// newer export adds only what is new; what is paid and refunded is so in all by then. A refund
// without amount or with 0 refunds nothing.
//
// Times: the first of the columns that is not empty. auto: ISO and its relatives (calendar.h), also
// 2026年6月19日, Unix seconds or milliseconds by their digits, Excel's day numbers; without an
// offset in the workspace's zone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace intake {

inline constexpr std::size_t kMappingBytesMax = 256 * 1024;
inline constexpr std::size_t kMappingListMax = 500;  // columns, constants, events …
inline constexpr std::size_t kConditionValuesMax = 1000;
inline constexpr std::size_t kApartMax = 4;

enum class MappingKind : std::uint8_t { customers, events, orders };
std::string_view name_of(MappingKind kind);

enum class ColumnUse : std::uint8_t { ignored, attribute, property, tags, identity, consent };
std::string_view name_of(ColumnUse use);

enum class TimeFormat : std::uint8_t { automatic, iso, unix_s, unix_ms, excel };
std::string_view name_of(TimeFormat format);  // "auto", "iso", …

// Cells are compared without outer spaces; `is` and its like hold for one of the values at least.
// above and below compare numbers; a cell that is none is neither.
enum class CellTest : std::uint8_t { is, is_not, contains, empty, filled, above, below };
std::string_view name_of(CellTest test);

struct MappedColumn {
  std::string column;
  ColumnUse as = ColumnUse::ignored;
  std::string name;  // of the attribute, property, group of tags, kind of identity, purpose/channel
  std::optional<base::ValueType> type = {};
  std::string split = {};  // tags: what stands between two; empty: comma, 、 and their like

  bool operator==(const MappedColumn&) const = default;
};

struct MappedConstant {
  std::string name;  // an attribute or property of every row
  std::string value;
  std::optional<base::ValueType> type = {};

  bool operator==(const MappedConstant&) const = default;
};

// A property or attribute that is the product of two columns, without its sign: what a refund's
// lines have as negative quantity is an amount like others.
struct MappedProduct {
  std::string name;
  base::ValueType type = base::ValueType::money;  // or int, decimal
  std::string one;
  std::string other;

  bool operator==(const MappedProduct&) const = default;
};

struct CellCondition {
  std::string column;
  CellTest test = CellTest::is;
  std::vector<std::string> values = {};

  bool operator==(const CellCondition&) const = default;
};

struct MappedTime {
  std::vector<std::string> columns;
  TimeFormat format = TimeFormat::automatic;

  bool operator==(const MappedTime&) const = default;
};

struct MappedEvent {
  std::string event;         // or
  std::string event_column;  // of kind events alone
  std::vector<CellCondition> when = {};
  MappedTime time = {};
  std::string amount = {};  // column; empty: none

  bool operator==(const MappedEvent&) const = default;
};

struct Mapping {
  MappingKind kind = MappingKind::customers;
  std::vector<MappedColumn> columns = {};
  std::vector<MappedConstant> constants = {};
  std::vector<MappedProduct> products = {};
  std::vector<CellCondition> leave_out = {};  // rows for which one of them holds
  std::optional<MappedTime> since = {};       // of customers
  std::vector<std::string> apart = {};        // of customers
  std::vector<MappedEvent> events = {};       // of events and orders
  std::vector<std::string> key = {};          // of events
  std::string order = {};                     // of orders: the column of its number
  bool header = true;  // the first row names the columns; else they are #1, #2 …

  bool operator==(const Mapping&) const = default;
};

enum class MappingFault : std::uint8_t {
  not_json,        // or not of this shape: `subject` is the path
  unknown_word,    // a kind, use, type, format or test there is none of
  too_many,        // a limit above
  no_such_column,  // in the file
  doubled_column,  // mapped twice
  bad_name,        // of an attribute, event …
  doubled_name,    // two columns become one
  not_of_kind,     // a part that this kind does not have
  no_customer,     // no column is an identity
  no_event,        // events and orders need one
  no_time,         // an event without time
  no_order,        // orders without the column of the number
  bad_number,      // a product's type, a bound of above or below
  computed_name,   // an attribute that nobody sets (customer/computed_name.h)
};
std::string_view code_of(MappingFault fault);  // "mapping.not_json", …

struct MappingError {
  MappingFault fault;
  std::string subject;  // the column, name or word it is about

  bool operator==(const MappingError&) const = default;
};

[[nodiscard]] base::Result<Mapping, MappingError> read_mapping(std::string_view json);
// read_mapping of it gives the same mapping.
std::string to_json_text(const Mapping& mapping);

// Everything that is wrong with it for a file of these columns, in the order of the mapping.
std::vector<MappingError> check_mapping(const Mapping& mapping,
                                        std::span<const std::string> columns);

// Columns as mappings name them: NFC without outer spaces, the second of a name is "name#2", one
// without a name is "#3" by its place.
// Without a header all have none.
std::vector<std::string> column_names(std::span<const std::string> first, bool header = true);

}  // namespace intake
