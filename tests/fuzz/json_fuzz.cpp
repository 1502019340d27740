// Any bytes as JSON: what is read is written and read again as the same; a value read from it as
// any type is spelled so that it reads back.
#include <boost/json/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"
#include "base/value_json.h"

namespace {

constexpr std::size_t kBytesMax = 64 * 1024;

void check_values(const boost::json::value& json) {
  for (std::size_t i = 0; i < base::kValueTypeCount; ++i) {
    const auto type = static_cast<base::ValueType>(i);
    const auto value = base::value_from_json(type, json, nullptr);
    if (!value) continue;
    CHECK(base::type_of(*value) == type);
    const auto written = base::value_from_json(type, base::value_to_json(*value), nullptr);
    CHECK(written.has_value() && *written == *value);
    const auto spelled = base::parse_value(type, base::to_text(*value), nullptr);
    CHECK(spelled.has_value() && *spelled == *value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto json = base::parse_json(text, kBytesMax);
  if (!json) {
    CHECK(json.error().offset <= size);
    return 0;
  }
  const std::string written = boost::json::serialize(*json);
  const auto again = base::parse_json(written, 16 * kBytesMax);
  CHECK(again.has_value() && *again == *json);
  check_values(*json);
  if (const auto* array = json->if_array()) {
    for (const auto& element : *array) check_values(element);
  }
  return 0;
}
