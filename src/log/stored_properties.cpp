#include "log/stored_properties.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "base/check.h"
#include "base/json.h"
#include "log/event_type.h"

namespace event_log {
namespace {

constexpr std::size_t kParseBufferBytes = 4096;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Lives inside one call, and so do its views.
class PlainReader {
 public:
  PlainReader(const EventType& type, std::string_view stored) : type_(type), rest_(stored) {}

  // False: not plain.
  bool run() {
    if (!take("{")) return false;
    if (take("}")) return rest_.empty();
    do {
      if (!read_member()) return false;
    } while (take(","));
    return take("}") && rest_.empty();
  }

  std::vector<KnownProperty> known() { return std::move(known_); }

 private:
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  // Up to the closing quote, over it.
  std::optional<std::string_view> read_text() {
    if (!take("\"")) return std::nullopt;
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"') {
      if (rest_[end] == '\\' || static_cast<unsigned char>(rest_[end]) < 0x20) return std::nullopt;
      ++end;
    }
    if (end == rest_.size()) return std::nullopt;
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool read_member() {
    const auto name = read_text();
    const bool in_order = name && (names_ == 0 || last_name_ < *name);
    if (!in_order || !take(":")) return false;
    last_name_ = *name;
    ++names_;
    const Property* property = type_.find(*name);
    if (rest_.starts_with('"')) {
      const auto text = read_text();
      if (text && property != nullptr) keep_text(*property, *text);
      return text.has_value();
    }
    if (take("true")) return keep_bool(property, true);
    if (take("false")) return keep_bool(property, false);
    return read_number(property);
  }

  void keep(const Property& property, std::string_view text) {
    if (auto value = base::parse_value(property.type, text, nullptr)) {
      known_.push_back({property.id, std::move(*value)});
    }
  }

  void keep_text(const Property& property, std::string_view text) {
    const bool of_other_kind =
        property.type == base::ValueType::boolean || property.type == base::ValueType::text_list;
    if (!of_other_kind) keep(property, text);
  }

  bool keep_bool(const Property* property, bool value) {
    if (property != nullptr && property->type == base::ValueType::boolean) {
      known_.push_back({property->id, base::Value(value)});
    }
    return true;
  }

  std::size_t digits_at(std::size_t from) const {
    std::size_t end = from;
    while (end < rest_.size() && is_digit(rest_[end])) ++end;
    return end - from;
  }

  bool read_number(const Property* property) {
    const std::size_t start = rest_.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits_at(start);
    const bool leading_zero = whole > 1 && rest_[start] == '0';
    if (whole == 0 || leading_zero) return false;
    std::size_t end = start + whole;
    std::size_t places = 0;
    if (end < rest_.size() && rest_[end] == '.') {
      places = digits_at(end + 1);
      end += 1 + places;
      if (places == 0 || rest_[end - 1] == '0') return false;
    }
    const bool goes_on = end < rest_.size() && (rest_[end] == 'e' || rest_[end] == 'E');
    const bool is_minus_zero = start == 1 && places == 0 && rest_[1] == '0';
    if (whole + places > kPlainDigitsMax || goes_on || is_minus_zero) return false;
    if (property != nullptr) keep_number(*property, rest_.substr(0, end), places > 0);
    rest_.remove_prefix(end);
    return true;
  }

  void keep_number(const Property& property, std::string_view number, bool has_places) {
    switch (property.type) {
      case base::ValueType::time:
        if (!has_places) keep(property, number);
        return;
      case base::ValueType::integer:
      case base::ValueType::decimal:
      case base::ValueType::money:
        keep(property, number);
        return;
      case base::ValueType::text:
      case base::ValueType::boolean:
      case base::ValueType::date:
      case base::ValueType::text_list:
        return;
    }
  }

  const EventType& type_;
  std::string_view rest_;
  std::string_view last_name_;
  std::size_t names_ = 0;
  std::vector<KnownProperty> known_;
};

}  // namespace

std::optional<std::vector<KnownProperty>> known_in_plain(const EventType& type,
                                                         std::string_view stored) {
  PlainReader reader(type, stored);
  if (!reader.run()) return std::nullopt;
  return reader.known();
}

std::vector<KnownProperty> known_in_tree(const EventType& type, std::string_view stored) {
  std::vector<KnownProperty> known;
  std::array<unsigned char, kParseBufferBytes> buffer;
  boost::json::monotonic_resource memory(buffer.data(), buffer.size());
  boost::json::parse_options options;
  options.max_depth = base::kStoredJsonDepthMax;
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(stored, error, &memory, options);
  CHECK(!error);
  CHECK(value.is_object());
  for (const auto& member : value.get_object()) {
    const Property* property = type.find(member.key());
    if (property == nullptr) continue;
    if (auto typed = read_value(property->type, member.value())) {
      known.push_back({property->id, std::move(*typed)});
    }
  }
  return known;
}

std::vector<KnownProperty> known_properties(const EventType& type, std::string_view stored) {
  if (stored == "{}") return {};
  auto known = known_in_plain(type, stored);
  return known ? std::move(*known) : known_in_tree(type, stored);
}

}  // namespace event_log
