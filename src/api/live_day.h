// Local days in requests and answers: "2026-11-23".
#pragma once

#include <string>
#include <string_view>

#include "base/calendar.h"

namespace api {

std::string day_text(base::LocalDay day);
// The query parameter `day`; refused when it is none.
base::LocalDay given_day(std::string_view text);

}  // namespace api
