// What attributes and properties are called and which are personal, as answers and masks have it.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "api/call.h"
#include "api/mask.h"
#include "base/field_note.h"
#include "store/database.h"

namespace api {

// Adds label_zh and label_en as they were written and whether `name` is personal: marked as such,
// or a phone or a name (masked_names.tsv).
void add_note(boost::json::object& out, std::string_view name, const base::FieldNote& note);

// Nothing for whoever sees nothing masked.
PersonalFields personal_fields(const rights::Masks& masks, store::Session& session,
                               event_log::EventCatalog& catalog);

// The language labels are in.
base::LabelLanguage label_language(const Call& call);

}  // namespace api
