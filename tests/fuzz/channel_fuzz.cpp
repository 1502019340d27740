// Any bytes as a request template, its values and an answer: what is filled goes to the template's
// own host, no value breaks a header's line or a JSON text, a template that nothing was said
// against is filled in or too large, and every answer means something.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "channel/http/answer.h"
#include "channel/http/request_template.h"

namespace {

// Parts of the input, cut at zero bytes.
std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view host_of(std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  return url.substr(0, std::min(url.find_first_of("/?#", begin), url.size()));
}

void check_filled(const channel::RequestTemplate& request, const std::string& value) {
  const auto names = channel::names_in(request);
  if (!names) return;
  channel::Values values;
  for (const std::string& name : *names) values[name] = value;
  const auto filled = channel::fill(request, values);
  if (!filled) {
    CHECK(filled.error() == channel::TemplateFault::bad_value ||
          filled.error() == channel::TemplateFault::too_large);
    return;
  }
  CHECK(host_of(filled->url) == host_of(request.url));
  CHECK(filled->url.find_first_of(" \r\n") == std::string::npos);
  for (const auto& [name, text] : filled->headers) {
    CHECK(text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  CHECK(filled->url.size() + filled->body.size() <= channel::kFilledBytesMax);
}

// With each hash; the body is signed as it is sent.
void check_signed(channel::RequestTemplate request, const std::string& key,
                  const std::string& value) {
  using enum channel::SignatureHash;
  for (const auto hash : {hmac_sha256, hmac_sha1, sha256, md5}) {
    const std::string own_key = channel::is_keyed(hash) ? key : "";
    for (const std::string& text : {key, std::string("${body}")}) {
      request.signature = channel::SignatureTemplate{.hash = hash,
                                                     .encoding = channel::SignatureEncoding::base64,
                                                     .key = own_key,
                                                     .text = text};
      check_filled(request, value);
    }
  }
}

// Between quotes a value is a text, whatever it holds.
void check_json_text(const std::string& value) {
  if (!base::is_utf8(value)) return;
  const channel::RequestTemplate request{
      .url = "https://a.example.com/", .headers = {}, .body = R"({"x": "${v}"})"};
  const auto filled = channel::fill(request, {{"v", value}});
  if (!filled) return;
  const auto body = base::parse_json(filled->body, channel::kFilledBytesMax);
  CHECK(body && body->as_object().at("x").as_string() == value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> parts = parts_of(text);
  parts.resize(6);
  const auto& [url, header, body, value, answer, pointer] =
      std::tie(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
  for (const auto kind : {channel::BodyKind::json, channel::BodyKind::form, channel::BodyKind::text,
                          channel::BodyKind::none}) {
    check_filled({.url = url, .headers = {{"X-Header", header}}, .body_kind = kind, .body = body},
                 value);
    check_signed({.url = url, .headers = {{"X-Header", header}}, .body_kind = kind, .body = body},
                 pointer, value);
  }
  check_json_text(value);
  const int status = 100 + static_cast<int>(size % 500);
  const channel::AnswerMeaning meaning{.rules = {{.status_from = 200,
                                                  .status_to = 299,
                                                  .pointer = pointer,
                                                  .equals = value,
                                                  .sent = outbox::Sent::refused}},
                                       .receipt_pointer = pointer};
  const auto outcome = channel::meaning_of({.status = status, .body = answer}, meaning);
  CHECK(outcome.sent == outbox::Sent::done || !outcome.problem.empty());
  return 0;
}
