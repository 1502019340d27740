#include "intake/table.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace intake {
namespace {

std::string_view without_outer_spaces(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

base::unexpected<ImportError> fault(ImportFault fault, std::string_view subject) {
  return base::unexpected(ImportError{fault, std::string(subject)});
}

std::optional<ColumnRole> role_named(std::string_view name) {
  if (name == "identity") return ColumnRole::identity;
  if (name == "tags") return ColumnRole::tags;
  if (name == "consent") return ColumnRole::consent;
  return std::nullopt;
}

base::Result<Column, ImportError> read_column(std::string_view field, const HeaderRules& rules) {
  Column column;
  const std::string text = base::to_nfc(without_outer_spaces(field));
  column.name = text;
  if (holds(rules.required, text) || holds(rules.optional, text) || text.empty()) return column;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string::npos) {
    column.name = without_outer_spaces(std::string_view(text).substr(0, colon));
    const std::string_view word = without_outer_spaces(std::string_view(text).substr(colon + 1));
    column.type = base::value_type_named(word);
    const auto role = rules.has_roles ? role_named(word) : std::nullopt;
    if (!column.type && !role) return fault(ImportFault::unknown_type, text);
    if (role) column.role = *role;
  }
  if (holds(rules.reserved, column.name)) return fault(ImportFault::reserved_column, column.name);
  if (!rules.is_name(column.name)) return fault(ImportFault::bad_column_name, text);
  return column;
}

}  // namespace

base::Result<std::vector<Column>, ImportError> read_header(const CsvRow& row,
                                                           const HeaderRules& rules) {
  if (row.fault) return fault(ImportFault::header_unreadable, code_of(*row.fault));
  if (row.fields.size() > kImportColumnsMax) return fault(ImportFault::too_many_columns, "");
  std::vector<Column> columns;
  for (const std::string& field : row.fields) {
    auto column = read_column(field, rules);
    if (!column) return base::unexpected(std::move(column.error()));
    const bool doubled = std::ranges::any_of(columns, [&](const Column& other) {
      const bool apart = other.type && column->type && *other.type != *column->type;
      // Two phones of a customer, and an attribute and an identity of one name, are no doubles.
      const bool value = other.role == ColumnRole::values && column->role == ColumnRole::values;
      return value && !column->name.empty() && other.name == column->name && !apart;
    });
    if (doubled) return fault(ImportFault::doubled_column, column->name);
    columns.push_back(std::move(*column));
  }
  for (const std::string_view name : rules.required) {
    if (!index_of(columns, name)) return fault(ImportFault::missing_column, name);
  }
  return columns;
}

std::optional<std::size_t> index_of(std::span<const Column> columns, std::string_view name) {
  const auto found = std::ranges::find_if(columns, [&](const Column& column) {
    return !column.type && column.role == ColumnRole::values && column.name == name;
  });
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

base::Result<void, ImportError> Table::open(const HeaderRules& rules) {
  CsvRow row;
  if (!reader_.next(row)) return fault(ImportFault::empty_file, "");
  auto columns = read_header(row, rules);
  if (!columns) return base::unexpected(std::move(columns.error()));
  columns_ = std::move(*columns);
  return {};
}

bool Table::next(TableRow& row) {
  row.left_out.reset();
  if (!reader_.next(row.csv)) return false;
  std::vector<std::string>& fields = row.csv.fields;
  const RowOrigin* origin = source_.origin();
  row.is_known = origin != nullptr && origin->is_known;
  if (row.is_known) return true;
  if (origin != nullptr && !origin->fault.empty()) {
    const RowOrigin::Column& place = origin->fault_at;
    row.left_out = LeftOut{row.csv.line, place.number, place.name, origin->fault};
    return true;
  }
  if (row.csv.fault) {
    row.left_out = at(row, row.csv.fault_field, code_of(*row.csv.fault));
    return true;
  }
  while (fields.size() > columns_.size() && fields.back().empty()) fields.pop_back();
  if (fields.size() > columns_.size()) {
    row.left_out = at(row, columns_.size(), "intake.too_many_fields");
  } else if (fields.size() < columns_.size()) {
    const bool cut = !row.csv.has_line_end;
    row.left_out = at(row, fields.size(), cut ? "intake.cut_last_line" : "intake.too_few_fields");
  }
  return true;
}

LeftOut Table::at(const TableRow& row, std::size_t column, std::string_view code) const {
  const RowOrigin* origin = source_.origin();
  if (origin != nullptr && column < origin->columns.size()) {
    const RowOrigin::Column& place = origin->columns[column];
    return LeftOut{row.csv.line, place.number, place.name, code};
  }
  const std::string name = column < columns_.size() ? columns_[column].name : "";
  return LeftOut{row.csv.line, column + 1, name, code};
}

}  // namespace intake
