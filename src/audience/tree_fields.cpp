#include <algorithm>
#include <charconv>

#include "audience/tree_reader.h"
#include "base/text.h"

namespace audience {

namespace json = boost::json;

// A segment of a JSON pointer: "~" and "/" are escaped.
TreeReader::At::At(TreeReader& reader, std::string_view key)
    : reader_(reader), length_(reader.path_.size()) {
  reader_.path_ += '/';
  for (const char c : key) {
    if (c == '~') {
      reader_.path_ += "~0";
    } else if (c == '/') {
      reader_.path_ += "~1";
    } else {
      reader_.path_ += c;
    }
  }
}

void TreeReader::fail(std::string expected, RuleFault fault) {
  if (error_) return;
  error_ = RuleError{};
  error_->fault = fault;
  error_->expected = std::move(expected);
  error_->path = path_;
}

TreeReader::Fields TreeReader::open(const Value& value) {
  Fields fields;
  fields.object = value.if_object();
  if (fields.object == nullptr) fail("an object");
  return fields;
}

void TreeReader::close(const Fields& fields) {
  if (error_ || fields.taken == fields.object->size()) return;
  for (const auto& member : *fields.object) {
    const std::string_view key(member.key().data(), member.key().size());
    if (std::ranges::find(fields.names, key) != fields.names.end()) continue;
    const At place(*this, key);
    return fail("no such member");
  }
}

const TreeReader::Value* TreeReader::take(Fields& fields, std::string_view key) {
  if (error_) return nullptr;
  const Value* value = fields.object->if_contains(key);
  if (value == nullptr) return nullptr;
  ++fields.taken;
  fields.names.push_back(key);
  return value;
}

const TreeReader::Value* TreeReader::need(Fields& fields, std::string_view key) {
  const Value* value = take(fields, key);
  if (value == nullptr) fail("a member \"" + std::string(key) + "\"");
  return value;
}

const json::array* TreeReader::need_array(Fields& fields, std::string_view key) {
  const Value* value = need(fields, key);
  if (value == nullptr) return nullptr;
  const At place(*this, key);
  const json::array* array = value->if_array();
  if (array == nullptr || array->empty()) fail("an array that is not empty");
  return error_ ? nullptr : array;
}

// Any text that stands between double quotes in the language.
std::string TreeReader::text(const Value& value) {
  const json::string* written = value.if_string();
  if (written == nullptr) {
    fail("a text");
    return {};
  }
  const std::string_view bytes(written->data(), written->size());
  constexpr std::string_view kRefused("\n\r\0", 3);
  if (!base::is_utf8(bytes) || bytes.find_first_of(kRefused) != std::string_view::npos) {
    fail("a text in UTF-8 without line ends and U+0000");
    return {};
  }
  return base::to_nfc(bytes);
}

std::string TreeReader::need_text(Fields& fields, std::string_view key) {
  const Value* value = need(fields, key);
  const At place(*this, key);
  return value == nullptr ? std::string() : text(*value);
}

bool TreeReader::need_bool(Fields& fields, std::string_view key) {
  const Value* value = need(fields, key);
  const At place(*this, key);
  if (value != nullptr && !value->is_bool()) fail("true or false");
  return !error_ && value->get_bool();
}

std::int64_t TreeReader::need_count(Fields& fields, std::string_view key) {
  const Value* value = need(fields, key);
  const At place(*this, key);
  if (value != nullptr && (!value->is_int64() || value->get_int64() < 0)) fail("a whole number");
  return error_ ? 0 : value->get_int64();
}

std::int64_t TreeReader::take_id(Fields& fields, std::string_view key) {
  const Value* value = take(fields, key);
  if (value == nullptr) return 0;
  const At place(*this, key);
  if (!value->is_int64() || value->get_int64() <= 0) fail("a positive id");
  return error_ ? 0 : value->get_int64();
}

// Whether the text is one token of one of these kinds and nothing else.
bool TreeReader::spells(std::string_view text, std::initializer_list<TokenKind> kinds) {
  const std::vector<Token> tokens = tokens_of(text);
  return tokens.size() == 2 && tokens.front().text == text &&
         std::ranges::find(kinds, tokens.front().kind) != kinds.end();
}

WrittenDuration TreeReader::duration(const Value& value) {
  const std::string written = text(value);
  WrittenDuration duration;
  if (error_) return duration;
  if (!spells(written, {TokenKind::duration})) {
    fail("a duration such as 30d (ms, s, m, h, d, w), at most 100 years");
    return duration;
  }
  const char* end = written.data() + written.size();
  duration.unit = std::from_chars(written.data(), end, duration.count).ptr;
  return duration;
}

WrittenDuration TreeReader::need_duration(Fields& fields, std::string_view key) {
  const Value* value = need(fields, key);
  const At place(*this, key);
  return value == nullptr ? WrittenDuration{} : duration(*value);
}

Literal TreeReader::need_literal(Fields& fields, std::string_view key) {
  const Value* value = need(fields, key);
  const At place(*this, key);
  return value == nullptr ? Literal{} : read_literal(*value);
}

Literal TreeReader::need_moment(Fields& fields, std::string_view key) {
  Literal literal = need_literal(fields, key);
  const bool day = literal.kind == LiteralKind::date && literal.text.starts_with('-');
  const bool moment = literal.kind == LiteralKind::moment || literal.kind == LiteralKind::date ||
                      literal.kind == LiteralKind::parameter;
  if (!moment || day) {
    const At place(*this, key);
    fail("a moment, a date with its year or a parameter");
  }
  return literal;
}

Literal TreeReader::read_literal(const Value& value) {
  Literal literal;
  Fields fields = open(value);
  if (error_) return literal;
  if (fields.object->size() != 1) {
    fail("one of number, text, bool, moment, date, parameter");
    return literal;
  }
  const std::string_view key(fields.object->begin()->key());
  const auto kind = enum_of<LiteralKind>(kLiteralWords, key);
  const At place(*this, key);
  if (!kind) {
    fail("one of number, text, bool, moment, date, parameter");
    return literal;
  }
  literal.kind = *kind;
  if (literal.kind == LiteralKind::boolean) {
    const Value& truth = fields.object->begin()->value();
    if (!truth.is_bool()) fail("true or false");
    literal.text = !error_ && truth.get_bool() ? "true" : "false";
    return literal;
  }
  literal.text = text(fields.object->begin()->value());
  if (error_) return literal;
  if (literal.kind == LiteralKind::number && !spells(literal.text, {TokenKind::number})) {
    fail("a number as a text, such as \"12.50\"");
  }
  if (literal.kind == LiteralKind::moment && !spells(literal.text, {TokenKind::moment})) {
    fail("a moment such as 2026-01-31T08:00");
  }
  if (literal.kind == LiteralKind::date &&
      !spells(literal.text, {TokenKind::date, TokenKind::day})) {
    fail("a date such as 2026-01-31 or --05-17");
  }
  if (literal.kind == LiteralKind::parameter && !is_plain_name(literal.text)) {
    fail("a name of a-z, 0-9 and _");
  }
  return literal;
}

Window TreeReader::read_window(const Value& value) {
  Window window{Today{}, 0};
  Fields fields = open(value);
  const std::string type = error_ ? std::string() : need_text(fields, "type");
  if (error_) return window;
  if (type == "in_last") {
    window.form = InLast{need_duration(fields, "duration")};
  } else if (type == "in_next") {
    window.form = InNext{need_duration(fields, "duration")};
  } else if (type == "in_this") {
    window.form = InThis{need_word<base::CalendarUnit>(fields, "unit", kUnitWords)};
  } else if (type == "in_previous") {
    InPrevious form{need_count(fields, "count"), base::CalendarUnit::day};
    form.unit = need_word<base::CalendarUnit>(fields, "unit", kUnitWords);
    window.form = form;
  } else if (type == "today") {
    window.form = Today{};
  } else if (type == "yesterday") {
    window.form = Yesterday{};
  } else if (type == "between") {
    BetweenMoments form{need_moment(fields, "from"), {}};
    form.to = need_moment(fields, "to");
    window.form = std::move(form);
  } else if (type == "before") {
    window.form = Before{need_moment(fields, "moment")};
  } else if (type == "since") {
    window.form = Since{need_moment(fields, "moment")};
  } else if (type == "from_to_ago") {
    FromToAgo form{need_duration(fields, "from"), {}};
    form.to = need_duration(fields, "to");
    window.form = std::move(form);
  } else {
    const At place(*this, "type");
    fail("a window");
  }
  close(fields);
  return window;
}

// Of an event: `in next` is for attributes.
std::optional<Window> TreeReader::take_window(Fields& fields) {
  const Value* value = take(fields, "window");
  if (value == nullptr) return std::nullopt;
  const At place(*this, "window");
  Window window = read_window(*value);
  if (std::holds_alternative<InNext>(window.form)) fail("a window up to now");
  return window;
}

Measure TreeReader::read_measure(const Value& value) {
  Fields fields = open(value);
  const std::string type = error_ ? std::string() : need_text(fields, "type");
  const auto comparison = [&] {
    return need_word<Comparison>(fields, "comparison", kComparisonWords);
  };
  Measure measure = CountTimes{};
  if (error_) return measure;
  if (type == "times") {
    CountTimes times{comparison(), 0};
    times.times = need_count(fields, "times");
    measure = times;
  } else if (type == "days") {
    OnDays days{comparison(), 0};
    days.days = need_count(fields, "days");
    measure = days;
  } else if (const auto aggregate = enum_of<Aggregate>(kAggregateWords, type)) {
    AggregateOf form;
    form.aggregate = *aggregate;
    form.property.text = need_text(fields, "property");
    form.comparison = comparison();
    form.value = need_literal(fields, "value");
    measure = std::move(form);
  } else {
    const At place(*this, "type");
    fail("times days sum avg min max distinct");
  }
  close(fields);
  return measure;
}

}  // namespace audience
