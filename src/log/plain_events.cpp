#include "log/plain_events.h"

#include <algorithm>

#include "log/event.h"

namespace event_log {
namespace {

using base::ValueType;

// A text of so many bytes stays one in any normal form.
constexpr std::size_t kSafeTextBytes = base::kValueTextBytesMax / 3;

void append_number(std::string& out, std::uint32_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

void append_escaped(std::string& out, char c) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  static constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kLetters = "\"\\bfnrt";
  out += '\\';
  if (const std::size_t at = kPlain.find(c); at != std::string_view::npos) {
    out += kLetters[at];
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

// A JSON string, spelled as to_stored spells it.
void append_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto end = std::ranges::find_if(text, needs_escape);
    const auto plain = static_cast<std::size_t>(end - text.begin());
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    append_escaped(out, text.front());
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace

// The type a property gets whose first value this is (first_type); none is null.
ValueType PlainEvents::first_type(Kind kind) {
  switch (kind) {
    case Kind::whole:
      return ValueType::integer;
    case Kind::fraction:
      return ValueType::decimal;
    case Kind::boolean:
      return ValueType::boolean;
    case Kind::text:
    case Kind::null:
      break;
  }
  return ValueType::text;
}

// read_value, of which only whether it succeeds is of interest.
bool PlainEvents::reads_as(ValueType type, const Member& member) {
  const bool is_text = member.kind == Kind::text;
  const bool is_number = member.kind == Kind::whole || member.kind == Kind::fraction;
  switch (type) {
    case ValueType::text:
      if (!is_text) return false;
      if (member.text.size() <= kSafeTextBytes) return true;
      break;
    case ValueType::boolean:
      return member.kind == Kind::boolean;
    case ValueType::text_list:
      return false;
    case ValueType::date:
      if (!is_text) return false;
      break;
    case ValueType::time:
      if (is_number && member.text.find('.') != std::string_view::npos) return false;
      [[fallthrough]];
    case ValueType::integer:
    case ValueType::decimal:
    case ValueType::money:
      if (!is_text && !is_number) return false;
      break;
  }
  return base::parse_value(type, member.text, nullptr).has_value();
}

bool PlainEvents::read_properties(base::JsonCursor& cursor) {
  if (has_read_ || !cursor.take('{')) return false;
  has_read_ = true;
  if (cursor.take('}')) return true;
  do {
    const auto name = cursor.text();
    if (!name || members_.size() == kPropertiesMax || !cursor.take(':')) return false;
    const auto member = read_value(cursor, *name);
    if (!member) return false;
    members_.push_back(*member);
  } while (cursor.take(','));
  return cursor.take('}');
}

std::optional<PlainEvents::Member> PlainEvents::read_value(base::JsonCursor& cursor,
                                                           std::string_view name) {
  switch (cursor.next()) {
    case '"': {
      const auto text = cursor.text();
      if (!text) return std::nullopt;
      return Member{name, Kind::text, *text};
    }
    case 't':
      if (!cursor.take_word("true")) return std::nullopt;
      return Member{name, Kind::boolean, "true"};
    case 'f':
      if (!cursor.take_word("false")) return std::nullopt;
      return Member{name, Kind::boolean, "false"};
    case 'n':
      if (!cursor.take_word("null")) return std::nullopt;
      return Member{name, Kind::null, "null"};
    default: {
      const auto number = cursor.number();
      if (!number) return std::nullopt;
      return Member{name, number->has_point ? Kind::fraction : Kind::whole, number->text};
    }
  }
}

bool PlainEvents::has_property(std::string_view name) const {
  return std::ranges::find(members_, name, &Member::name) != members_.end();
}

bool PlainEvents::add(const Head& head) {
  const Named& named = this->named(head.name);
  const bool is_in_time = head.time >= base::Moment{0} && head.time <= now_ + kAheadMax;
  if (!named.is_name || !is_in_time || !sort_members()) return false;
  const auto shape = shape_of(head.name, named);
  if (!shape) return false;
  write_stored();
  if (stored_.size() > kEventBytesMax) return false;
  prepared_.events.push_back({*shape, head.time, stored_, head.key, std::nullopt});
  members_.clear();
  has_read_ = false;
  return true;
}

const PlainEvents::Named& PlainEvents::named(std::string_view name) {
  const auto number = static_cast<std::uint32_t>(names_.size());
  const auto [known, is_new] = names_.try_emplace(name, Named{number, false, nullptr});
  if (is_new) {
    known->second.is_name = is_name(name);
    known->second.type = types_.find(name);
  }
  return known->second;
}

// False: two have one name, or one that is null (of no shape) has a bad one.
bool PlainEvents::sort_members() {
  const auto in_order = [](const Member& left, const Member& right) {
    return left.name < right.name;
  };
  if (!std::ranges::is_sorted(members_, in_order)) std::ranges::sort(members_, in_order);
  const bool has_equal = std::ranges::adjacent_find(members_, {}, &Member::name) != members_.end();
  return !has_equal && std::ranges::all_of(members_, [](const Member& member) {
    return member.kind != Kind::null || is_fit(member.name);
  });
}

bool PlainEvents::is_fit(std::string_view property) {
  return is_name(property) && !is_reserved_property(property);
}

// Nothing: a property's name is a bad one. Names are looked at once a shape.
std::optional<std::uint32_t> PlainEvents::shape_of(std::string_view event, const Named& named) {
  signature_.clear();
  append_number(signature_, named.number);
  reads_as_.clear();
  for (const Member& member : members_) {
    const Property* known = named.type == nullptr ? nullptr : named.type->find(member.name);
    const ValueType expected = known == nullptr ? first_type(member.kind) : known->type;
    const bool reads = member.kind != Kind::null && reads_as(expected, member);
    reads_as_.push_back(reads ? std::optional(expected) : std::nullopt);
    if (member.kind == Kind::null) continue;
    append_number(signature_, static_cast<std::uint32_t>(member.name.size()));
    signature_ += member.name;
    signature_ += static_cast<char>(member.kind);
    signature_ += reads ? static_cast<char>(expected) : '-';
  }
  const auto next = static_cast<std::uint32_t>(prepared_.shapes.size());
  const auto [shape, is_new] = shapes_.try_emplace(signature_, next);
  if (!is_new) return shape->second;
  EventShape made{std::string(event), {}};
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    if (member.kind == Kind::null) continue;
    if (!is_fit(member.name)) return std::nullopt;
    made.properties.push_back({std::string(member.name), first_type(member.kind), reads_as_[i]});
  }
  prepared_.shapes.push_back(std::move(made));
  return next;
}

void PlainEvents::write_stored() {
  stored_.assign("{");
  for (const Member& member : members_) {
    if (member.kind == Kind::null) continue;
    if (stored_.size() > 1) stored_ += ',';
    append_text(stored_, member.name);
    stored_ += ':';
    if (member.kind == Kind::text) {
      append_text(stored_, member.text);
    } else {
      stored_ += member.text;
    }
  }
  stored_ += '}';
}

}  // namespace event_log
