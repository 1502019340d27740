#include "net/answer_bytes.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"

namespace net {
namespace {

// A line break in a value would begin another field, or another answer.
bool is_fit_for_header(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

}  // namespace

void AnswerBytes::append_number(std::size_t number) {
  std::array<char, 20> digits;
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  CHECK(failure == std::errc{});
  joined_.append(digits.data(), end);
}

void AnswerBytes::append_field(std::string_view name, std::string_view value) {
  joined_ += name;
  joined_ += ": ";
  joined_ += value;
  joined_ += "\r\n";
}

void AnswerBytes::compose(const Response& response, const AnswerOptions& options) {
  joined_ = "HTTP/1.1 ";
  append_number(static_cast<std::size_t>(response.status));
  joined_ += ' ';
  joined_ += reason_of(response.status);
  joined_ += "\r\n";
  for (const Headers::Field& field : response.headers.fields()) {
    CHECK(is_fit_for_header(field.name) && is_fit_for_header(field.value));
    append_field(field.name, field.value);
  }
  if (!options.date.empty()) append_field("Date", options.date);
  if (!options.keep_open) append_field("Connection", "close");

  std::string_view body =
      response.fixed_body.empty() ? std::string_view(response.body) : response.fixed_body;
  const bool has_no_body = response.status == 204 || response.status == 304;
  if (!has_no_body) {
    joined_ += "Content-Length: ";
    append_number(body.size());
    joined_ += "\r\n";
  }
  joined_ += "\r\n";
  if (has_no_body || options.to_head) body = {};
  if (body.size() <= kJoinedBodyBytesMax) joined_ += std::exchange(body, {});
  parts_ = {joined_, body};
}

void AnswerBytes::consume(std::size_t count) {
  for (std::string_view& part : parts_) {
    const std::size_t taken = std::min(count, part.size());
    part.remove_prefix(taken);
    count -= taken;
  }
  CHECK(count == 0);
}

}  // namespace net
