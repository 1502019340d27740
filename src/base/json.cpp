#include "base/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace base {
namespace {

namespace json = boost::json;
using boost::json::error_code;

// Objects with more keys are looked up in a tree: a flood of keys must not take quadratic time.
constexpr std::size_t kKeysSearched = 16;

// Builds the value and looks for what Boost.JSON lets pass: doubled keys, U+0000, our own depth.
// After a fault every handler answers false and `fault` tells what it was.
class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool on_document_begin(error_code&) {
    stack_.reset();
    return true;
  }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& error) { return open(false, error); }
  bool on_array_begin(error_code& error) { return open(true, error); }
  bool on_object_end(std::size_t count, error_code&) {
    --depth_;
    stack_.push_object(count);
    return advance();
  }
  bool on_array_end(std::size_t count, error_code&) {
    --depth_;
    stack_.push_array(count);
    return advance();
  }

  bool on_key_part(json::string_view part, std::size_t, error_code& error) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return without_nul(part, error);
  }
  bool on_key(json::string_view part, std::size_t, error_code& error) {
    key_.append(part.data(), part.size());
    stack_.push_key(part);
    if (!without_nul(part, error)) return false;
    const bool is_new = places_[depth_ - 1].add(key_);
    key_.clear();
    return is_new || fail(JsonFault::duplicate_key, error);
  }
  bool on_string_part(json::string_view part, std::size_t, error_code& error) {
    stack_.push_chars(part);
    return without_nul(part, error);
  }
  bool on_string(json::string_view part, std::size_t, error_code& error) {
    stack_.push_string(part);
    return without_nul(part, error) && advance();
  }

  bool on_number_part(json::string_view part, error_code&) {
    number_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t number, json::string_view, error_code&) {
    number_.clear();
    stack_.push_int64(number);
    return advance();
  }
  bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
    number_.clear();
    stack_.push_uint64(number);
    return advance();
  }
  // Boost.JSON's own double may be off by one in the last place.
  bool on_double(double near, json::string_view part, error_code& error) {
    number_.append(part.data(), part.size());
    const std::string text = std::exchange(number_, {});
    double number = near;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool beyond = read.ec == std::errc::result_out_of_range && std::abs(near) > 1;
    if (beyond || !std::isfinite(number)) return fail(JsonFault::out_of_range, error);
    stack_.push_double(number);
    return advance();
  }
  bool on_bool(bool truth, error_code&) {
    stack_.push_bool(truth);
    return advance();
  }
  bool on_null(error_code&) {
    stack_.push_null();
    return advance();
  }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

  std::optional<JsonFault> fault() const { return fault_; }
  json::value release() { return stack_.release(); }

  // JSON pointer of the value being read.
  std::string path() const {
    std::string out;
    for (std::size_t i = 0; i < depth_; ++i) {
      const Place& place = places_[i];
      if (place.is_array) {
        out += "/" + std::to_string(place.index);
      } else if (!place.keys.empty()) {
        out += detail::pointer_step(place.last);
      }
    }
    return out;
  }

 private:
  // An open array or object.
  struct Place {
    bool is_array = false;
    std::size_t index = 0;
    std::string last = {};                         // key
    std::vector<std::string> keys = {};            // the first kKeysSearched
    std::set<std::string, std::less<>> more = {};  // all, once there are more

    void reset(bool array) {
      is_array = array;
      index = 0;
      keys.clear();
      more.clear();
    }
    // False: it is there already.
    bool add(std::string_view key) {
      last = key;
      if (keys.size() == kKeysSearched && more.empty()) more.insert(keys.begin(), keys.end());
      if (!more.empty()) return more.emplace(key).second;
      if (std::ranges::find(keys, key) != keys.end()) return false;
      keys.emplace_back(key);
      return true;
    }
  };

  bool fail(JsonFault fault, error_code& error) {
    fault_ = fault;
    error = json::error::syntax;
    return false;
  }

  bool open(bool is_array, error_code& error) {
    if (depth_ == kJsonDepthMax) return fail(JsonFault::too_deep, error);
    if (depth_ == places_.size()) places_.emplace_back();
    places_[depth_++].reset(is_array);
    return true;
  }

  bool advance() {
    if (depth_ > 0 && places_[depth_ - 1].is_array) ++places_[depth_ - 1].index;
    return true;
  }

  bool without_nul(json::string_view part, error_code& error) {
    const bool clean = part.find('\0') == json::string_view::npos;
    return clean || fail(JsonFault::nul_character, error);
  }

  json::value_stack stack_;
  std::vector<Place> places_;  // those behind depth_ keep their room for the next
  std::size_t depth_ = 0;
  std::string key_;
  std::string number_;  // its parts so far
  std::optional<JsonFault> fault_;
};

// `read` of `bytes` were taken before `error`.
JsonError error_of(const Builder& builder, const error_code& error, std::size_t read) {
  JsonFault fault = JsonFault::syntax;
  if (builder.fault()) fault = *builder.fault();
  if (error == json::error::exponent_overflow) fault = JsonFault::out_of_range;
  return JsonError{fault, builder.path(), read};
}

}  // namespace

namespace detail {

std::string pointer_step(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace detail

std::string_view code_of(JsonFault fault) {
  switch (fault) {
    case JsonFault::too_large:
      return "json.too_large";
    case JsonFault::not_utf8:
      return "json.not_utf8";
    case JsonFault::nul_character:
      return "json.nul_character";
    case JsonFault::syntax:
      return "json.syntax";
    case JsonFault::too_deep:
      return "json.too_deep";
    case JsonFault::duplicate_key:
      return "json.duplicate_key";
    case JsonFault::wrong_type:
      return "json.wrong_type";
    case JsonFault::out_of_range:
      return "json.out_of_range";
    case JsonFault::missing_member:
      return "json.missing_member";
    case JsonFault::unknown_member:
      return "json.unknown_member";
  }
  unreachable();
}

Result<json::value, JsonError> parse_json(std::string_view bytes, std::size_t bytes_max) {
  if (bytes.size() > bytes_max) return unexpected(JsonError{JsonFault::too_large, "", bytes_max});
  const std::size_t valid = utf8_prefix(bytes);
  if (valid != bytes.size()) return unexpected(JsonError{JsonFault::not_utf8, "", valid});
  json::parse_options options;
  options.max_depth = kJsonDepthMax + 1;
  json::basic_parser<Builder> parser(options);
  error_code error;
  const std::size_t read = parser.write_some(false, bytes.data(), bytes.size(), error);
  if (error) return unexpected(error_of(parser.handler(), error, read));
  if (read != bytes.size()) return unexpected(JsonError{JsonFault::syntax, "", read});
  return parser.handler().release();
}

std::optional<json::value> parse_stored_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kStoredJsonDepthMax;
  error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return std::nullopt;
  return value;
}

}  // namespace base
