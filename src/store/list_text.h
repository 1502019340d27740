// A list of integers or texts as one parameter of a statement, in the form its database reads:
//
//   SQLite       [1,2,null] ["a","b"]    in (select value from json_each($1))
//   PostgreSQL   {1,2,null} {"a","b"}    in (select unnest($1::bigint[])), unnest($1::text[])
//
//   store::ListText ids(unit.dialect());
//   for (const base::CustomerId id : customers) ids.add(id.value);
//   unit.execute(sql::…, {ids.text()});
//
// Texts are UTF-8 without U+0000.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "store/database.h"

namespace store {

class ListText {
 public:
  explicit ListText(Dialect dialect) : is_json_(dialect == Dialect::sqlite) {
    text_ += is_json_ ? '[' : '{';
  }

  void add(std::int64_t number) {
    begin();
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.append(digits.data(), end);
  }
  void add(std::string_view text) {
    begin();
    text_ += '"';
    for (const char c : text) add_escaped(c);
    text_ += '"';
  }
  void add_null() {
    begin();
    text_ += "null";
  }

  // Lives until the next add().
  std::string_view text() {
    if (!is_closed_) text_ += is_json_ ? ']' : '}';
    is_closed_ = true;
    return text_;
  }

 private:
  void begin() {
    if (is_closed_) text_.pop_back();
    is_closed_ = false;
    if (text_.size() > 1) text_ += ',';
  }
  void add_escaped(char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(c);
    if (is_json_ && code < 0x20) {
      text_ += "\\u00";
      text_ += kHex[code >> 4];
      text_ += kHex[code & 15];
      return;
    }
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }

  bool is_json_;
  std::string text_;
  bool is_closed_ = false;
};

// What `of` (a member or a function) says of each item, in their order.
template <typename Items, typename Of = std::identity>
std::string list_text(Dialect dialect, const Items& items, Of of = {}) {
  ListText list(dialect);
  for (const auto& item : items) list.add(std::invoke(of, item));
  return std::string(list.text());
}

}  // namespace store
