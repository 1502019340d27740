#include "customer/normal_form.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace customer {
namespace {

constexpr std::string_view kFullWidthSpace = "\u3000";

// NFC without control characters and outer spaces (also the full-width one).
std::optional<std::string> trimmed(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max || !base::is_utf8(text)) return std::nullopt;
  std::string normal = base::to_nfc(text);
  std::string_view rest = normal;
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\r' && c != '\n');
  };
  if (std::ranges::any_of(rest, is_control)) return std::nullopt;
  while (true) {
    const auto before = rest.size();
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t' || rest.front() == '\r' ||
                             rest.front() == '\n')) {
      rest.remove_prefix(1);
    }
    while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\t' || rest.back() == '\r' ||
                             rest.back() == '\n')) {
      rest.remove_suffix(1);
    }
    if (rest.starts_with(kFullWidthSpace)) rest.remove_prefix(kFullWidthSpace.size());
    if (rest.ends_with(kFullWidthSpace)) rest.remove_suffix(kFullWidthSpace.size());
    if (rest.size() == before) break;
  }
  if (rest.size() > bytes_max) return std::nullopt;
  return std::string(rest);
}

// Full-width forms U+FF01 … U+FF5E (three bytes, EF BC 81 … EF BD 9E) and U+3000 as ASCII.
std::string half_width(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t offset) {
      return static_cast<unsigned>(static_cast<unsigned char>(text[at + offset]));
    };
    if (at + 2 < text.size() && byte(0) == 0xef && (byte(1) == 0xbc || byte(1) == 0xbd)) {
      const unsigned code = 0xf000 + ((byte(1) & 0x3f) << 6) + (byte(2) & 0x3f);
      if (code >= 0xff01 && code <= 0xff5e) {
        plain += static_cast<char>(code - 0xff01 + 0x21);
        at += 3;
        continue;
      }
    }
    if (text.substr(at).starts_with(kFullWidthSpace)) {
      plain += ' ';
      at += kFullWidthSpace.size();
      continue;
    }
    plain += text[at++];
  }
  return plain;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Eleven digits that begin with 1: a mobile number of mainland China.
bool is_mobile(std::string_view digits) { return digits.size() == 11 && digits.front() == '1'; }

std::optional<std::string> phone_form(std::string_view trimmed_value) {
  std::string digits;
  bool plus = false;
  for (const char c : half_width(trimmed_value)) {
    if (is_digit(c)) {
      digits += c;
    } else if (c == '+' && digits.empty() && !plus) {
      plus = true;
    } else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != '\t') {
      return std::nullopt;
    }
  }
  if (!plus && digits.starts_with("00")) {
    digits.erase(0, 2);
    plus = true;
  }
  if (digits.starts_with("86") && is_mobile(std::string_view(digits).substr(2))) {
    return digits.substr(2);
  }
  if (digits.size() < kPhoneDigitsMin || digits.size() > kPhoneDigitsMax) return std::nullopt;
  return plus ? "+" + digits : digits;
}

std::string lower_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Letters of other scripts than ours count as such, their punctuation too: nobody's value ends
// there.
bool is_letter_or_digit(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || is_digit(c) || (c >= 'a' && c <= 'z');
}

// The words of a text: runs of letters and digits, folded.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  if (!base::is_utf8(text)) return words;
  for (const char c : lower_ascii(half_width(base::to_nfc(text)))) {
    if (is_letter_or_digit(c)) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += word;
  return all;
}

}  // namespace

std::optional<std::string> normal_form(IdentityForm form, std::string_view value) {
  auto text = trimmed(value, kIdentityBytesMax);
  if (!text || text->empty()) return std::nullopt;
  switch (form) {
    case IdentityForm::plain:
      return text;
    case IdentityForm::phone:
      return phone_form(*text);
    case IdentityForm::email:
      return lower_ascii(std::move(*text));
  }
  base::unreachable();
}

std::optional<std::string> normal_account(std::string_view account) {
  return trimmed(account, kAccountBytesMax);
}

bool tells(std::string_view text, std::string_view value) {
  const auto words = words_of(text);
  const auto tells_one = [&](std::string_view spelling) {
    const std::string looked_for = joined(words_of(spelling));
    if (looked_for.empty()) return false;
    if (looked_for.size() < kToldBytesMin) {
      return std::ranges::find(words, looked_for) != words.end();
    }
    return joined(words).find(looked_for) != std::string::npos;
  };
  const auto phone = normal_form(IdentityForm::phone, value);
  return tells_one(value) || (phone && tells_one(*phone));
}

}  // namespace customer
