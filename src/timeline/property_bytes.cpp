#include "timeline/property_bytes.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "timeline/varint.h"

namespace timeline {
namespace {

using base::Value;
using base::ValueType;

class Writer {
 public:
  explicit Writer(std::vector<std::byte>& bytes) : bytes_(bytes) {}

  void number(std::uint64_t value) { append_varint(value, bytes_); }
  // Small for small negative numbers too.
  void integer(std::int64_t value) { number(difference(0, value)); }
  void text(std::string_view text) {
    number(text.size());
    const auto bytes = std::as_bytes(std::span(text));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void value(const Value& value) {
    switch (base::type_of(value)) {
      case ValueType::integer:
        return integer(std::get<std::int64_t>(value));
      case ValueType::decimal:
        return integer(std::get<base::Decimal>(value).micros);
      case ValueType::money:
        return integer(std::get<base::Money>(value).cents);
      case ValueType::text:
        return text(std::get<std::string>(value));
      case ValueType::boolean:
        return number(std::get<bool>(value) ? 1 : 0);
      case ValueType::time:
        return integer(std::get<base::Moment>(value).ms);
      case ValueType::date: {
        const auto& date = std::get<base::Date>(value);
        integer(date.year);
        number(date.month);
        return number(date.day);
      }
      case ValueType::text_list: {
        const auto& list = std::get<base::TextList>(value);
        number(list.size());
        for (const std::string& element : list) text(element);
        return;
      }
    }
    base::unreachable();
  }

 private:
  std::vector<std::byte>& bytes_;
};

class Reader {
 public:
  explicit Reader(const std::byte* at) : at_(at) {}

  std::uint64_t number() {
    const std::byte* const none = nullptr;  // what was written ends by itself
    return read_varint(at_, none).value_or(0);
  }
  std::int64_t integer() { return apply_difference(0, number()); }
  std::string text() {
    const auto size = static_cast<std::size_t>(number());
    std::string text(reinterpret_cast<const char*>(at_), size);
    at_ += size;
    return text;
  }
  Value value(ValueType type) {
    switch (type) {
      case ValueType::integer:
        return integer();
      case ValueType::decimal:
        return base::Decimal{integer()};
      case ValueType::money:
        return base::Money{integer()};
      case ValueType::text:
        return text();
      case ValueType::boolean:
        return number() != 0;
      case ValueType::time:
        return base::Moment{integer()};
      case ValueType::date: {
        base::Date date;
        date.year = static_cast<std::int16_t>(integer());
        date.month = static_cast<std::uint8_t>(number());
        date.day = static_cast<std::uint8_t>(number());
        return date;
      }
      case ValueType::text_list: {
        base::TextList list(static_cast<std::size_t>(number()));
        for (std::string& element : list) element = text();
        return list;
      }
    }
    base::unreachable();
  }

 private:
  const std::byte* at_;
};

}  // namespace

void write_properties(std::span<const event_log::KnownProperty> properties,
                      std::vector<std::byte>& bytes) {
  Writer writer(bytes);
  writer.number(properties.size());
  for (const event_log::KnownProperty& property : properties) {
    writer.integer(property.id.value);
    writer.number(property.value.index());
    writer.value(property.value);
  }
}

std::size_t read_properties(const std::byte* bytes,
                            std::vector<event_log::KnownProperty>& properties) {
  Reader reader(bytes);
  const auto count = static_cast<std::size_t>(reader.number());
  for (std::size_t i = 0; i < count; ++i) {
    const base::PropertyId id{reader.integer()};
    const auto type = static_cast<ValueType>(reader.number());
    properties.push_back({id, reader.value(type)});
  }
  return count;
}

}  // namespace timeline
