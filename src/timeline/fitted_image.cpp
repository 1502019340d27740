#include "timeline/fitted_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "base/check.h"
#include "timeline/fitted_values.h"

namespace timeline {
namespace {

constexpr std::uint32_t kChunkForm = 1;
constexpr std::size_t kPersonsOfBucket = 4;

// The form of a column; raw 0 is left to unknown values.
PackedInts::Form column_form(std::span<const std::int64_t> numbers) {
  std::vector<std::int64_t> known;
  std::ranges::copy_if(numbers, std::back_inserter(known),
                       [](std::int64_t number) { return number != kNoFittedValue; });
  PackedInts::Form form;
  if (!known.empty()) {
    const auto found = packed_form_above_zero(known, numbers.size());
    CHECK(found);  // values of models and policies do not fill 64 bits
    form = *found;
  }
  form.size = static_cast<std::uint32_t>(numbers.size());
  return form;
}

void pack_column(const PackedInts::Form& form, std::span<const std::int64_t> numbers,
                 std::vector<std::byte>& bytes) {
  std::vector<std::int64_t> filled(numbers.begin(), numbers.end());
  std::ranges::replace(filled, kNoFittedValue, form.base);
  pack(form, filled, bytes);
}

template <typename Number>
void put(std::string& bytes, Number number) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof number);
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

void put(std::string& bytes, const PackedInts::Form& form) {
  put(bytes, form.base);
  put(bytes, form.scale);
  put(bytes, form.size);
  put(bytes, form.width);
}

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  template <typename Number>
  bool take(Number& number) {
    if (rest_.size() < sizeof number) return false;
    std::memcpy(&number, rest_.data(), sizeof number);
    rest_.remove_prefix(sizeof number);
    return true;
  }
  bool take(PackedInts::Form& form) {
    return take(form.base) && take(form.scale) && take(form.size) && take(form.width);
  }
  std::optional<PackedInts> take_packed(const PackedInts::Form& form) {
    const std::size_t size = packed_bytes(form);
    if (rest_.size() < size) return std::nullopt;
    const PackedInts packed(form, std::as_bytes(std::span(rest_.data(), size)));
    rest_.remove_prefix(size);
    return packed;
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::int64_t number_in(const PackedInts& values, std::size_t row) {
  const std::uint64_t raw = values.raw(row);
  return raw == 0 ? kNoFittedValue : values.form().value_of(raw);
}

std::vector<std::int64_t> ids_of(std::span<const base::CustomerId> customers) {
  std::vector<std::int64_t> ids;
  ids.reserve(customers.size());
  for (const base::CustomerId customer : customers) ids.push_back(customer.value);
  return ids;
}

}  // namespace

std::size_t FittedTable::remove(std::span<const base::CustomerId> gone) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < customers.size(); ++row) {
    if (std::ranges::binary_search(gone, customers[row])) continue;
    customers[kept] = customers[row];
    for (auto& column : columns) column[kept] = column[row];
    ++kept;
  }
  const std::size_t went = customers.size() - kept;
  customers.resize(kept);
  for (auto& column : columns) column.resize(kept);
  return went;
}

std::optional<std::size_t> FittedForm::place_of(FittedAttribute attribute) const {
  const auto found = std::ranges::find(columns, attribute, &Column::attribute);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::string text_of(const FittedForm& form) {
  std::string text;
  for (const FittedForm::Column& column : form.columns) {
    text += fmt::format("{}:", static_cast<int>(column.attribute));
    for (const std::string& each : column.texts) {
      CHECK(each.find_first_of("|;") == std::string::npos);
      text += each + "|";
    }
    text += ';';
  }
  return text;
}

std::optional<FittedForm> form_from(std::string_view text) {
  FittedForm form;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    const std::size_t colon = text.find(':');
    if (end == std::string_view::npos || colon > end) return std::nullopt;
    unsigned number = 0;
    const auto read = std::from_chars(text.data(), text.data() + colon, number);
    const bool known = number >= 1 && number <= fitted_kinds().size();
    if (read.ec != std::errc() || read.ptr != text.data() + colon || !known) return std::nullopt;
    FittedForm::Column column{static_cast<FittedAttribute>(number), {}};
    std::string_view texts = text.substr(colon + 1, end - colon - 1);
    while (!texts.empty()) {
      const std::size_t bar = texts.find('|');
      if (bar == std::string_view::npos) return std::nullopt;
      column.texts.emplace_back(texts.substr(0, bar));
      texts.remove_prefix(bar + 1);
    }
    form.columns.push_back(std::move(column));
    text.remove_prefix(end + 1);
  }
  return form;
}

std::string chunk_of(const FittedTable& rows) {
  CHECK(!rows.customers.empty());
  const std::vector<std::int64_t> ids = ids_of(rows.customers);
  std::string head;
  std::vector<std::byte> body;
  put(head, kChunkForm);
  put(head, static_cast<std::uint32_t>(ids.size()));
  put(head, static_cast<std::uint32_t>(rows.columns.size()));
  const PackedInts::Form form = packed_form(ids);
  put(head, form);
  pack(form, ids, body);
  for (const auto& column : rows.columns) {
    const PackedInts::Form of_column = column_form(column);
    put(head, of_column);
    pack_column(of_column, column, body);
  }
  head.append(reinterpret_cast<const char*>(body.data()), body.size());
  return head;
}

std::optional<FittedTable> read_chunk(std::string_view bytes, std::size_t columns) {
  ByteReader reader(bytes);
  std::uint32_t version = 0;
  std::uint32_t persons = 0;
  std::uint32_t found = 0;
  if (!reader.take(version) || !reader.take(persons) || !reader.take(found)) return std::nullopt;
  if (version != kChunkForm || persons > kFittedChunkCustomers || found != columns) {
    return std::nullopt;
  }
  std::vector<PackedInts::Form> forms(1 + columns);
  for (PackedInts::Form& form : forms) {
    if (!reader.take(form) || !is_possible(form) || form.size != persons) return std::nullopt;
  }
  FittedTable rows;
  const auto ids = reader.take_packed(forms.front());
  if (!ids) return std::nullopt;
  for (std::size_t row = 0; row < persons; ++row) rows.customers.push_back({(*ids)[row]});
  if (!std::ranges::is_sorted(rows.customers)) return std::nullopt;
  for (std::size_t place = 1; place < forms.size(); ++place) {
    const auto values = reader.take_packed(forms[place]);
    if (!values) return std::nullopt;
    auto& column = rows.columns.emplace_back(persons);
    for (std::size_t row = 0; row < persons; ++row) column[row] = number_in(*values, row);
  }
  if (!reader.empty()) return std::nullopt;
  return rows;
}

FittedImage::FittedImage(const FittedTable& rows, FittedForm form)
    : form_(std::move(form)), customers_(ids_of(rows.customers)) {
  CHECK(rows.columns.size() == form_.columns.size());
  for (const auto& column : rows.columns) {
    Packed& packed = columns_.emplace_back();
    const PackedInts::Form of_column = column_form(column);
    pack_column(of_column, column, packed.bytes);
    packed.values = PackedInts(of_column, packed.bytes);
  }
  if (customers_.empty()) return;
  const auto reach = static_cast<std::uint64_t>(customers_.back() - customers_.front());
  const std::size_t buckets = std::bit_ceil(customers_.size() / kPersonsOfBucket + 1);
  const auto bits = static_cast<unsigned>(std::bit_width(reach));
  const auto bucket_bits = static_cast<unsigned>(std::countr_zero(buckets));
  shift_ = bits > bucket_bits ? bits - bucket_bits : 0;
  begins_.assign((reach >> shift_) + 2, 0);
  for (const std::int64_t id : customers_) {
    ++begins_[(static_cast<std::uint64_t>(id - customers_.front()) >> shift_) + 1];
  }
  for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
}

std::optional<std::size_t> FittedImage::row_of(base::CustomerId customer) const {
  if (customers_.empty() || customer.value < customers_.front() ||
      customer.value > customers_.back()) {
    return std::nullopt;
  }
  const auto bucket = static_cast<std::uint64_t>(customer.value - customers_.front()) >> shift_;
  const auto begin = customers_.begin() + begins_[bucket];
  const auto end = customers_.begin() + begins_[bucket + 1];
  const auto found = std::lower_bound(begin, end, customer.value);
  if (found == end || *found != customer.value) return std::nullopt;
  return static_cast<std::size_t>(found - customers_.begin());
}

std::int64_t FittedImage::Packed::number_at(std::size_t row) const {
  return number_in(values, row);
}

std::int64_t FittedImage::number_of(base::CustomerId customer, std::size_t column) const {
  const auto row = row_of(customer);
  return row ? columns_[column].number_at(*row) : kNoFittedValue;
}

std::size_t FittedImage::bytes() const {
  std::size_t bytes =
      customers_.capacity() * sizeof(std::int64_t) + begins_.capacity() * sizeof(std::uint32_t);
  for (const Packed& column : columns_) bytes += column.bytes.capacity();
  return bytes;
}

FittedTable FittedImage::table() const {
  FittedTable rows;
  for (const std::int64_t id : customers_) rows.customers.push_back({id});
  for (const Packed& column : columns_) {
    auto& numbers = rows.columns.emplace_back(customers_.size());
    for (std::size_t row = 0; row < numbers.size(); ++row) numbers[row] = column.number_at(row);
  }
  return rows;
}

}  // namespace timeline
