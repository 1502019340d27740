#include "intake/mapped_cell.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "customer/identity.h"
#include "customer/telling_identity.h"
#include "intake/cell_words_table.h"

namespace intake {
namespace {

constexpr std::string_view kFullWidthSpace = "\u3000";
constexpr std::string_view kNoBreakSpace = "\u00A0";
constexpr std::int32_t kExcelDayOf1970 = 25'569;
constexpr double kExcelDaysMin = 20'000;  // 1954
constexpr double kExcelDaysMax = 80'000;  // 2119
constexpr double kSecondsOfDay = 86'400;

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_number(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return is_digits(text);
  return is_digits(text.substr(0, point)) && is_digits(text.substr(point + 1));
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), by);
    at += by.size();
  }
}

// 2026年6月19日 10时01分 as 2026-6-19 10:01, 20260619 as 2026-06-19.
std::string plain_moment(std::string_view cell) {
  std::string text(without_spaces(cell));
  constexpr std::size_t kCompactDigits = 8;
  if (is_digits(text) && text.size() == kCompactDigits) {
    return text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6);
  }
  for (const CellWord& each : kCellWords) {
    if (each.use == "moment") replace_all(text, each.word, each.sign);
  }
  while (!text.empty() && (text.back() == ':' || text.back() == ' ' || text.back() == '-')) {
    text.pop_back();
  }
  replace_all(text, "  ", " ");
  return text;
}

std::optional<double> excel_days(std::string_view text) {
  if (!is_number(text) || text.size() > 24) return std::nullopt;
  const double days = std::strtod(std::string(text).c_str(), nullptr);
  if (days < kExcelDaysMin || days > kExcelDaysMax) return std::nullopt;
  return days;
}

base::LocalTime local_of_excel(double days) {
  double whole = std::floor(days);
  double seconds = std::round((days - whole) * kSecondsOfDay);
  if (seconds >= kSecondsOfDay) {
    whole += 1;
    seconds = 0;
  }
  return {{static_cast<std::int32_t>(whole) - kExcelDayOf1970},
          static_cast<std::int32_t>(seconds) * 1000};
}

std::string_view code_of(base::MomentFault fault) {
  return base::code_of(fault == base::MomentFault::impossible ? base::ValueFault::impossible_date
                                                              : base::ValueFault::not_a_time);
}

base::Result<base::Moment, std::string_view> read_written(std::string_view text,
                                                          const base::Zone& zone) {
  const auto written = base::read_moment(text);
  if (!written) return base::unexpected(code_of(written.error()));
  if (written->date.year == 0) {
    return base::unexpected(base::code_of(base::ValueFault::not_a_time));
  }
  return base::resolve(*written, zone);
}

base::Result<base::Moment, std::string_view> read_unix(std::string_view text,
                                                       std::int64_t ms_of_unit) {
  constexpr std::size_t kDigitsMax = 13;
  const std::size_t point = std::min(text.find('.'), text.size());
  if (!is_number(text) || point > kDigitsMax) {
    return base::unexpected(base::code_of(base::ValueFault::not_a_time));
  }
  const auto parsed = base::parse_value(base::ValueType::integer, text.substr(0, point), nullptr);
  if (!parsed) return base::unexpected(base::code_of(parsed.error()));
  const std::int64_t number = std::get<std::int64_t>(*parsed);
  if (number > base::kWrittenMomentMax.ms / ms_of_unit) {
    return base::unexpected(base::code_of(base::ValueFault::out_of_range));
  }
  return base::Moment{number * ms_of_unit};
}

std::optional<std::int64_t> micros_of(std::string_view cell) {
  const auto value = base::parse_value(base::ValueType::decimal, cell, nullptr);
  if (!value) return std::nullopt;
  return std::get<base::Decimal>(*value).micros;
}

std::string half_width_digits(std::string_view text) {
  std::string out(text);
  constexpr std::array<std::string_view, 10> kDigits = {"\uFF10", "\uFF11", "\uFF12", "\uFF13",
                                                        "\uFF14", "\uFF15", "\uFF16", "\uFF17",
                                                        "\uFF18", "\uFF19"};
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    replace_all(out, kDigits[i], std::string_view("0123456789").substr(i, 1));
  }
  return out;
}

base::Result<std::string, std::string_view> read_phone(std::string_view cell) {
  // A number cell of a sheet, and what a program wrote of a number that was no whole one.
  std::string text = half_width_digits(cell);
  if (text.ends_with(".0") && is_number(text)) text.resize(text.size() - 2);
  auto phone = customer::normal_form(customer::IdentityForm::phone, text);
  if (!phone) return base::unexpected(std::string_view("intake.identity_unusable"));
  // No number of a landline or hotline that people have begins with 1 and is as long.
  const bool cut = phone->front() == '1' && phone->size() != customer::kMobileDigits &&
                   phone->size() >= customer::kMobileDigits - 4 &&
                   phone->size() <= customer::kMobileDigits + 1;
  if (cut) return base::unexpected(std::string_view("intake.phone_digits"));
  return std::move(*phone);
}

}  // namespace

std::string_view without_spaces(std::string_view cell) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (true) {
    const std::size_t before = cell.size();
    while (!cell.empty() && is_space(cell.front())) cell.remove_prefix(1);
    while (!cell.empty() && is_space(cell.back())) cell.remove_suffix(1);
    for (const std::string_view space : {kFullWidthSpace, kNoBreakSpace}) {
      if (cell.starts_with(space)) cell.remove_prefix(space.size());
      if (cell.ends_with(space)) cell.remove_suffix(space.size());
    }
    if (cell.size() == before) return cell;
  }
}

bool is_blank(std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  return text.empty() || std::ranges::any_of(kCellWords, [&](const CellWord& each) {
           return each.use == "nothing" && each.word == text;
         });
}

base::Result<base::Moment, std::string_view> read_time(TimeFormat format, std::string_view cell,
                                                       const base::Zone& zone) {
  const std::string_view text = without_spaces(cell);
  switch (format) {
    case TimeFormat::iso:
      return read_written(text, zone);
    case TimeFormat::unix_s:
      return read_unix(text, 1000);
    case TimeFormat::unix_ms:
      return read_unix(text, 1);
    case TimeFormat::excel:
      if (const auto days = excel_days(text)) return zone.moment_of(local_of_excel(*days));
      return base::unexpected(base::code_of(base::ValueFault::not_a_time));
    case TimeFormat::automatic:
      break;
  }
  if (const auto days = excel_days(text)) return zone.moment_of(local_of_excel(*days));
  if (is_digits(text) && (text.size() == 9 || text.size() == 10)) return read_unix(text, 1000);
  if (is_digits(text) && (text.size() == 12 || text.size() == 13)) return read_unix(text, 1);
  return read_written(plain_moment(text), zone);
}

base::Result<std::string, std::string_view> read_date(std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  if (const auto days = excel_days(text)) {
    return base::to_text(base::Value(base::date_of(local_of_excel(*days).day)));
  }
  const auto written = base::read_moment(plain_moment(text));
  if (!written) return base::unexpected(code_of(written.error()));
  return base::to_text(base::Value(written->date));
}

bool holds(const CellCondition& condition, std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  const auto any = [&](auto&& test) { return std::ranges::any_of(condition.values, test); };
  switch (condition.test) {
    case CellTest::is:
      return any([&](const std::string& value) { return text == value; });
    case CellTest::is_not:
      return !any([&](const std::string& value) { return text == value; });
    case CellTest::contains:
      return any([&](const std::string& value) { return text.find(value) != text.npos; });
    case CellTest::empty:
      return is_blank(text);
    case CellTest::filled:
      return !is_blank(text);
    case CellTest::above:
    case CellTest::below:
      break;
  }
  const auto number = micros_of(value_text(base::ValueType::decimal, text));
  if (!number) return false;
  return any([&](const std::string& value) {
    const std::int64_t bound = micros_of(value).value_or(0);
    return condition.test == CellTest::above ? *number > bound : *number < bound;
  });
}

base::Result<std::string, std::string_view> read_identity(std::string_view kind,
                                                          std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  const bool masked = std::ranges::any_of(kCellWords, [&](const CellWord& each) {
    return each.use == "mask" && text.find(each.word) != text.npos;
  });
  if (masked) {
    return base::unexpected(std::string_view("intake.identity_masked"));
  }
  if (kind == "phone") return read_phone(text);
  const auto form = kind == "email" ? customer::IdentityForm::email : customer::IdentityForm::plain;
  auto value = customer::normal_form(form, text);
  if (!value || (kind == "email" && value->find('@') == std::string::npos)) {
    return base::unexpected(std::string_view("intake.identity_unusable"));
  }
  return std::move(*value);
}

base::Result<std::string, std::string_view> product_of(base::ValueType type, std::string_view one,
                                                       std::string_view other) {
  const auto left = micros_of(value_text(base::ValueType::decimal, one));
  const auto right = micros_of(value_text(base::ValueType::decimal, other));
  if (!left || !right) return base::unexpected(base::code_of(base::ValueFault::not_a_number));
  constexpr std::int64_t kMicros = 1'000'000;
  std::int64_t unit = 1;  // micros of the last place
  if (type == base::ValueType::money) unit = 10'000;
  if (type == base::ValueType::integer) unit = kMicros;
  __extension__ using Wide = __int128;
  Wide product = static_cast<Wide>(*left) * *right;
  if (product < 0) product = -product;
  const Wide divisor = static_cast<Wide>(kMicros) * unit;
  const Wide rounded = (product + divisor / 2) / divisor;
  if (rounded > std::numeric_limits<std::int64_t>::max() / kMicros) {
    return base::unexpected(base::code_of(base::ValueFault::out_of_range));
  }
  const auto number = static_cast<std::int64_t>(rounded);
  if (type == base::ValueType::money) return base::to_text(base::Value(base::Money{number}));
  if (type == base::ValueType::integer) return base::to_text(base::Value(number));
  return base::to_text(base::Value(base::Decimal{number}));
}

int factor_below_zero(std::string_view one, std::string_view other) {
  const auto left = micros_of(value_text(base::ValueType::decimal, one)).value_or(0);
  const auto right = micros_of(value_text(base::ValueType::decimal, other)).value_or(0);
  if (left == 0 || right == 0 || (left < 0) == (right < 0)) return 0;
  return left < 0 ? 1 : 2;
}

std::string key_of(std::string_view event, std::span<const std::string_view> cells) {
  if (cells.empty()) return {};
  std::string key(event);
  for (const std::string_view cell : cells) {
    const std::string_view part = without_spaces(cell);
    if (is_blank(part)) return {};
    key += "/" + std::to_string(part.size()) + ":" + std::string(part);
  }
  return key;
}

std::vector<std::string> tags_in(std::string_view cell, std::string_view split) {
  std::string text(cell);
  constexpr std::string_view kMark = "\n";
  if (split.empty()) {
    for (const CellWord& each : kCellWords) {
      if (each.use == "divider") replace_all(text, each.word, kMark);
    }
  } else {
    replace_all(text, split, kMark);
  }
  std::vector<std::string> tags;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view tag = without_spaces(std::string_view(text).substr(at, end - at));
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') {
      tag = without_spaces(tag.substr(1, tag.size() - 2));
    }
    at = end + 1;
    if (is_blank(tag)) continue;
    std::string name = base::to_nfc(tag);
    replace_all(name, "/", " ");
    if (std::ranges::find(tags, name) == tags.end()) tags.push_back(std::move(name));
  }
  return tags;
}

AmountForm amount_form(std::string_view cell) {
  constexpr std::string_view kFullWidthComma = "\uFF0C";
  std::string text = half_width_digits(without_spaces(cell));
  replace_all(text, kFullWidthComma, ",");
  const std::size_t written = text.size();
  for (const CellWord& each : kCellWords) {
    const bool separates = each.word == "," || each.word == kFullWidthComma || each.word == " ";
    if (each.use == "currency" && !separates) replace_all(text, each.word, "");
  }
  bool marked = text.size() < written;
  std::string_view digits = without_spaces(text);
  if (digits.starts_with('-')) digits.remove_prefix(1);
  digits = digits.substr(0, digits.find('.'));
  if (digits.size() > 1 && digits[0] == '0') return AmountForm::none;
  if (const std::size_t first = digits.find(','); first != std::string_view::npos) {
    marked = true;
    if (first == 0 || first > 3 || (digits.size() - first) % 4 != 0) return AmountForm::none;
    for (std::size_t i = first; i < digits.size(); ++i) {
      if ((digits[i] == ',') != ((i - first) % 4 == 0)) return AmountForm::none;
    }
  }
  const std::string number = value_text(base::ValueType::money, cell);
  if (!base::parse_value(base::ValueType::money, number, nullptr)) return AmountForm::none;
  return marked ? AmountForm::marked : AmountForm::plain;
}

std::string value_text(base::ValueType type, std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  switch (type) {
    case base::ValueType::integer:
    case base::ValueType::decimal:
    case base::ValueType::money: {
      std::string number = half_width_digits(text);
      for (const CellWord& each : kCellWords) {
        if (each.use == "currency") replace_all(number, each.word, "");
      }
      const bool whole = type == base::ValueType::integer && is_number(number);
      const std::size_t point = number.find('.');
      if (whole && point != std::string::npos &&
          number.find_first_not_of('0', point + 1) == std::string::npos) {
        number.resize(point);  // 2.0
      }
      return number;
    }
    case base::ValueType::date: {
      auto date = read_date(text);
      return date ? std::move(*date) : std::string(text);
    }
    case base::ValueType::time:
    case base::ValueType::boolean:
      return std::string(text);
    case base::ValueType::text:
    case base::ValueType::text_list:
      return std::string(cell);
  }
  return std::string(cell);
}

}  // namespace intake
