// Imports through a mapping (intake/mapping.h), as the API and the command line show them.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "api/import_json.h"
#include "intake/mapping.h"
#include "intake/recognise.h"

namespace api {

inline constexpr std::size_t kPreviewRows = 10;

// Throws Refusal (mapping.…).
intake::Mapping mapping_of(const boost::json::value& body);

// What the file's columns say; nothing of a file of the product's own form, which needs no mapping:
// `kind` is "events" or "customers" then. Throws Refusal for a file without a header.
struct FileKind {
  std::string kind;
  std::optional<intake::Recognised> recognised = {};
};
FileKind kind_of(intake::ByteSource& file);

// What it makes of the whole file, nothing written: {columns, rows, made, refunds_known, unusable,
// unusable_count, values_left_out, values_left_out_count, other_persons, other_persons_count,
// rows_of_file, rows_left_by_rule}. Rows that are there already count as made; refunds that are
// known are taken off when all of the log is known of orders (refunds_known).
boost::json::object preview_to_json(Call& call, intake::ByteSource& file,
                                    const intake::Mapping& mapping);

// As run_import, with `mapping`, `values_left_out`, `rows_left_by_rule` and, of a dry run,
// `preview` {columns, rows [{line, fields}]} beside the report. Throws Refusal.
boost::json::object run_mapped_import(Call& call, const ImportOrder& order,
                                      intake::ByteSource& file, const intake::Mapping& mapping);

}  // namespace api
