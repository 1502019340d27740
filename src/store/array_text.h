// A list of integers or texts as one parameter on PostgreSQL: {1,2,null}, {"a","b"}. The statement
// says of what: unnest($1::bigint[]), unnest($2::text[]).
//
//   ArrayText ids;
//   for (const base::CustomerId id : customers) ids.add(id.value);
//   unit.execute(sql::…, {ids.text()});
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace store {

class ArrayText {
 public:
  void add(std::int64_t number) {
    begin();
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.append(digits.data(), end);
  }
  void add(std::string_view text) {
    begin();
    text_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
    text_ += '"';
  }
  void add_null() {
    begin();
    text_ += "null";
  }

  // Lives until the next add().
  std::string_view text() {
    if (!is_closed_) text_ += '}';
    is_closed_ = true;
    return text_;
  }

 private:
  void begin() {
    if (is_closed_) text_.pop_back();
    is_closed_ = false;
    if (text_.size() > 1) text_ += ',';
  }

  std::string text_ = "{";
  bool is_closed_ = false;
};

}  // namespace store
