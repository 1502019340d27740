#include "timeline/value_column.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "base/check.h"
#include "timeline/varint.h"

namespace timeline {
namespace {

bool is_text(base::ValueType type) {
  return type == base::ValueType::text || type == base::ValueType::text_list;
}

// A list: every element as its length and its bytes.
std::string_view spelled(const base::Value& value, std::vector<std::byte>& list) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  list.clear();
  for (const std::string& element : std::get<base::TextList>(value)) {
    append_varint(element.size(), list);
    const auto bytes = std::as_bytes(std::span(element));
    list.insert(list.end(), bytes.begin(), bytes.end());
  }
  return {reinterpret_cast<const char*>(list.data()), list.size()};
}

PackedInts::Form raw_form(std::size_t size, std::size_t raw_max) {
  return {.size = static_cast<std::uint32_t>(size),
          .width = static_cast<std::uint32_t>(std::bit_width(raw_max))};
}

}  // namespace

std::int64_t column_number(const base::Value& value) {
  switch (base::type_of(value)) {
    case base::ValueType::integer:
      return std::get<std::int64_t>(value);
    case base::ValueType::decimal:
      return std::get<base::Decimal>(value).micros;
    case base::ValueType::money:
      return std::get<base::Money>(value).cents;
    case base::ValueType::boolean:
      return std::get<bool>(value) ? 1 : 0;
    case base::ValueType::time:
      return std::get<base::Moment>(value).ms;
    case base::ValueType::date: {
      const auto& date = std::get<base::Date>(value);
      return std::int64_t{date.year} * 512 + date.month * 32 + date.day;
    }
    case base::ValueType::text:
    case base::ValueType::text_list:
      break;
  }
  base::unreachable();
}

std::int64_t Dictionary::code_of(std::string_view text) {
  if (ends_.size() * 2 >= table_.size()) grow();
  const std::size_t hash = std::hash<std::string_view>()(text);
  std::size_t place = hash & (table_.size() - 1);
  for (; table_[place] != 0; place = (place + 1) & (table_.size() - 1)) {
    const std::size_t code = table_[place];
    if (hashes_[code - 1] == hash && text_of(code) == text) return static_cast<std::int64_t>(code);
  }
  texts_.insert(texts_.end(), text.begin(), text.end());
  ends_.push_back(static_cast<std::int64_t>(texts_.size()));
  hashes_.push_back(hash);
  table_[place] = static_cast<std::uint32_t>(ends_.size());
  return static_cast<std::int64_t>(ends_.size());
}

std::string_view Dictionary::text_of(std::size_t code) const {
  const auto begin = code == 1 ? 0 : static_cast<std::size_t>(ends_[code - 2]);
  return {texts_.data() + begin, static_cast<std::size_t>(ends_[code - 1]) - begin};
}

void Dictionary::grow() {
  table_.assign(std::max<std::size_t>(16, table_.size() * 2), 0);
  for (std::uint32_t code = 1; code <= ends_.size(); ++code) {
    std::size_t place = hashes_[code - 1] & (table_.size() - 1);
    while (table_[place] != 0) place = (place + 1) & (table_.size() - 1);
    table_[place] = code;
  }
}

void PendingValues::add(std::uint32_t entry, const base::Value& value) {
  CHECK(base::type_of(value) == type_);
  entries_.push_back(entry);
  numbers_.push_back(is_text(type_) ? dictionary_.code_of(spelled(value, list_))
                                    : column_number(value));
}

void PendingValues::write(std::size_t entries, ImageWriter& image) const {
  if (is_text(type_)) {
    write_texts(entries, image);
  } else {
    write_numbers(entries, image);
  }
}

void PendingValues::write_texts(std::size_t entries, ImageWriter& image) const {
  std::vector<std::int64_t> codes(entries, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) codes[entries_[i]] = numbers_[i];
  CHECK(dictionary_.texts().size() <= UINT32_MAX);
  image.put(ValueHead{.property = property_.value,
                      .type = static_cast<std::uint32_t>(type_),
                      .dictionary_size = static_cast<std::uint32_t>(dictionary_.size()),
                      .numbers = 0,
                      .text_bytes = static_cast<std::uint32_t>(dictionary_.texts().size())});
  image.put_ints(raw_form(entries, dictionary_.size()), codes);
  if (dictionary_.size() == 0) return;
  image.put_ints(dictionary_.ends());
  image.put_bytes(std::as_bytes(dictionary_.texts()));
}

void PendingValues::write_numbers(std::size_t entries, ImageWriter& image) const {
  ValueHead head{.property = property_.value,
                 .type = static_cast<std::uint32_t>(type_),
                 .dictionary_size = 0,
                 .numbers = 0,
                 .text_bytes = 0};
  if (const auto form = packed_form_above_zero(numbers_, entries)) {
    std::vector<std::int64_t> numbers(entries, form->base);
    for (std::size_t i = 0; i < entries_.size(); ++i) numbers[entries_[i]] = numbers_[i];
    image.put(head);
    image.put_ints(*form, numbers);
    return;
  }
  std::vector<std::int64_t> table = numbers_;
  std::ranges::sort(table);
  table.erase(std::ranges::unique(table).begin(), table.end());
  std::vector<std::int64_t> codes(entries, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    codes[entries_[i]] = std::ranges::lower_bound(table, numbers_[i]) - table.begin() + 1;
  }
  head.numbers = static_cast<std::uint32_t>(table.size());
  image.put(head);
  image.put_ints(raw_form(entries, table.size()), codes);
  image.put_ints(table);
}

}  // namespace timeline
