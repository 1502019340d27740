#include "api/export_record.h"

#include <boost/json/array.hpp>

#include "api/record.h"
#include "audience/print.h"

namespace api {

namespace json = boost::json;

void record_export(Call& call, const Exported& exported) {
  const rights::Masks& masks = call.caller().viewer.masks();
  json::object told{{"what", exported.what},      {"form", exported.form},
                    {"rows", exported.rows},      {"phones_masked", masks.phone},
                    {"names_masked", masks.name}, {"personal_masked", masks.personal}};
  if (exported.asked != nullptr) {
    told["rule"] = audience::print(exported.asked->rule->rule(), *exported.asked->names);
  }
  if (exported.is_searched) told["searched"] = true;
  json::array columns;
  for (const std::string& column : exported.columns) columns.push_back(json::value(column));
  if (!columns.empty()) told["columns"] = std::move(columns);
  call.services().database.write("export.record", [&](store::Unit& unit) {
    record_change(
        call, unit,
        {.noun = "export", .verb = "created", .subject = "", .before = nullptr, .after = told});
  });
}

}  // namespace api
