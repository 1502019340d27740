#include "account/change.h"

#include <algorithm>

#include "access/audit.h"
#include "base/text.h"

namespace account {
namespace {

constexpr store::LockKey kAllAccounts{61, 1};

bool is_plain(std::string_view text) {
  return base::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::optional<std::string> json_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void begin(const Change& change) { change.unit.lock({kAllAccounts}); }

void note(const Change& change, const Noted& noted) {
  rights::record(change.unit, {.actor = change.actor,
                               .at = change.now,
                               .noun = std::string(noted.noun),
                               .verb = std::string(noted.verb),
                               .subject = std::to_string(noted.subject),
                               .before = json_or_none(noted.before),
                               .after = json_or_none(noted.after)});
}

bool is_good_name(std::string_view name) {
  if (name.empty() || name.front() == ' ' || name.back() == ' ') return false;
  return is_plain(name) && base::code_points(name) <= kNameCharactersMax;
}

bool is_good_code(std::string_view code) {
  return !code.empty() && code.size() <= kCodeBytesMax && is_plain(code) &&
         code.find(' ') == std::string_view::npos;
}

bool is_good_text(std::string_view text) { return text.size() <= kTextBytesMax && is_plain(text); }

bool is_good_phone(std::string_view phone) {
  if (phone.empty()) return true;
  const std::string_view digits = phone.substr(phone.front() == '+' ? 1 : 0);
  return digits.size() >= kPhoneDigitsMin && digits.size() <= kPhoneDigitsMax &&
         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

std::string find_key(std::initializer_list<std::string_view> texts) {
  std::string key;
  for (const std::string_view text : texts) {
    if (!key.empty()) key += '\n';
    key += lower(text);
  }
  return key;
}

std::string pattern_of(std::string_view search) {
  std::string pattern = "%";
  for (const char c : lower(search)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace account
