#include "channel/http/request_template.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "base/check.h"
#include "net/http.h"

namespace channel {
namespace {

enum class Place : std::uint8_t { url, header, json, form, text, signature };

constexpr std::array<std::string_view, 5> kMethods{"GET", "POST", "PUT", "PATCH", "DELETE"};
// What the program says itself, and what would say where a request goes.
constexpr std::array<std::string_view, 6> kOwnHeaders{
    "host", "content-length", "transfer-encoding", "connection", "expect", "siyu-signature"};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 60 && std::ranges::all_of(name, [](char c) {
    return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
  });
}

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return low;
}

std::string json_escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

using Text = base::Result<std::string, TemplateFault>;

Text written(std::string_view value, Place place) {
  switch (place) {
    case Place::url:
      // As a segment of a path they would name another place, however they are written.
      if (value == "." || value == "..") return base::unexpected(TemplateFault::bad_value);
      return net::percent_encode(value);
    case Place::form:
      return net::percent_encode(value);
    case Place::json:
      return json_escaped(value);
    case Place::header:
      if (has_control(value)) return base::unexpected(TemplateFault::bad_value);
      return std::string(value);
    case Place::text:
    case Place::signature:
      return std::string(value);
  }
  base::unreachable();
}

// What stands for a name, or why nothing does.
using ValueOf = std::function<Text(std::string_view name)>;

Text filled(std::string_view text, const ValueOf& value_of) {
  std::string out;
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    out += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) break;
    if (text.starts_with("$$")) {
      out += '$';
      text.remove_prefix(2);
      continue;
    }
    const std::size_t end = text.find('}');
    const bool opens = text.starts_with("${") && end != std::string_view::npos;
    if (!opens || !is_name(text.substr(2, end - 2))) {
      return base::unexpected(TemplateFault::bad_placeholder);
    }
    const auto value = value_of(text.substr(2, end - 2));
    if (!value) return base::unexpected(value.error());
    out += *value;
    if (out.size() > kFilledBytesMax) return base::unexpected(TemplateFault::too_large);
    text.remove_prefix(end + 1);
  }
  return out;
}

bool names(std::string_view text, std::string_view name) {
  bool is_named = false;
  const auto all = filled(text, [&](std::string_view each) -> Text {
    is_named = is_named || each == name;
    return std::string();
  });
  return all && is_named;  // what is wrong with the text is told by filling it in
}

// Scheme, host and port are the template's own.
bool is_url(std::string_view url) {
  const std::string_view scheme = url.starts_with("https://")  ? "https://"
                                  : url.starts_with("http://") ? "http://"
                                                               : "";
  if (scheme.empty() || has_control(url) || url.find(' ') != std::string_view::npos) return false;
  url.remove_prefix(scheme.size());
  const std::string_view host = url.substr(0, url.find_first_of("/?#"));
  const bool is_plain = std::ranges::all_of(host, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == ':' || c == '[' || c == ']';
  });
  return !host.empty() && is_plain && url.find('#') == std::string_view::npos;
}

bool is_header(const std::pair<std::string, std::string>& header) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto& [name, value] = header;
  const bool is_token = !name.empty() && std::ranges::all_of(name, [&](char c) {
    return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
  return is_token && !has_control(value) &&
         std::ranges::find(kOwnHeaders, lower(name)) == kOwnHeaders.end();
}

std::optional<TemplateFault> form_fault(const RequestTemplate& request) {
  std::size_t bytes = request.url.size() + request.body.size();
  for (const auto& [name, value] : request.headers) bytes += name.size() + value.size();
  if (request.signature) bytes += request.signature->key.size() + request.signature->text.size();
  if (bytes > kTemplateBytesMax) return TemplateFault::too_large;
  if (std::ranges::find(kMethods, request.method) == kMethods.end()) {
    return TemplateFault::bad_method;
  }
  if (!is_url(request.url)) return TemplateFault::bad_url;
  if (request.headers.size() > kTemplateHeadersMax ||
      !std::ranges::all_of(request.headers, is_header)) {
    return TemplateFault::bad_header;
  }
  return std::nullopt;
}

Place place_of(BodyKind kind) {
  switch (kind) {
    case BodyKind::json:
      return Place::json;
    case BodyKind::form:
      return Place::form;
    case BodyKind::none:
    case BodyKind::text:
      return Place::text;
  }
  base::unreachable();
}

bool body_names_signature(const RequestTemplate& request) {
  return request.body_kind != BodyKind::none && names(request.body, kSignatureValue);
}

bool is_sound_signature(const RequestTemplate& request) {
  const bool is_named = body_names_signature(request) || names(request.url, kSignatureValue) ||
                        std::ranges::any_of(request.headers, [](const auto& header) {
                          return names(header.second, kSignatureValue);
                        });
  if (!request.signature) return !is_named;
  const SignatureTemplate& signature = *request.signature;
  const bool has_all = is_keyed(signature.hash) ? !signature.key.empty()
                                                : signature.key.empty() && !signature.text.empty();
  const auto takes = [&](std::string_view name) {
    return names(signature.key, name) || names(signature.text, name);
  };
  return has_all && !takes(kSignatureValue) &&
         !(takes(kBodyValue) && body_names_signature(request));
}

// What stands for a name at a place.
using ValueAt = std::function<Text(std::string_view name, Place place)>;

// Fills in the parts of a request; of body and signature the one the other needs comes first.
// Borrows both.
class Filling {
 public:
  Filling(const RequestTemplate& request, const ValueAt& value_at)
      : request_(request), value_at_(value_at) {}

  base::Result<FilledRequest, TemplateFault> run() {
    if (const auto fault = form_fault(request_)) return base::unexpected(*fault);
    const bool signature_first = request_.signature && body_names_signature(request_);
    if (const auto fault = signature_first ? sign() : fill_body()) return base::unexpected(*fault);
    if (const auto fault = signature_first ? fill_body() : sign()) return base::unexpected(*fault);
    const auto url = at(request_.url, Place::url);
    if (!url) return base::unexpected(url.error());
    FilledRequest out{.method = request_.method, .url = *url, .headers = {}, .body = {}};
    for (const auto& [name, value] : request_.headers) {
      const auto text = at(value, Place::header);
      if (!text) return base::unexpected(text.error());
      out.headers.emplace_back(name, *text);
    }
    if (out.url.size() + body_->size() > kFilledBytesMax) {
      return base::unexpected(TemplateFault::too_large);
    }
    out.body = std::move(*body_);
    return out;
  }

 private:
  std::optional<TemplateFault> fill_body() {
    body_ = "";
    if (request_.body_kind == BodyKind::none) return std::nullopt;
    auto body = at(request_.body, place_of(request_.body_kind));
    if (!body) return body.error();
    body_ = std::move(*body);
    return std::nullopt;
  }

  std::optional<TemplateFault> sign() {
    if (!request_.signature) return std::nullopt;
    const auto key = at(request_.signature->key, Place::signature);
    if (!key) return key.error();
    const auto text = at(request_.signature->text, Place::signature);
    if (!text) return text.error();
    signature_ = signature_by_scheme({.hash = request_.signature->hash,
                                      .encoding = request_.signature->encoding,
                                      .key = *key,
                                      .text = *text});
    return std::nullopt;
  }

  Text at(std::string_view text, Place place) const {
    return filled(text, [&](std::string_view name) -> Text {
      if (name == kSignatureValue && signature_) return written(*signature_, place);
      if (name == kBodyValue && place == Place::signature && body_) return *body_;
      return value_at_(name, place);
    });
  }

  const RequestTemplate& request_;
  const ValueAt& value_at_;
  std::optional<std::string> body_ = {};
  std::optional<std::string> signature_ = {};
};

}  // namespace

std::string_view code_of(TemplateFault fault) {
  switch (fault) {
    case TemplateFault::too_large:
      return "channel.too_large";
    case TemplateFault::bad_method:
      return "channel.bad_method";
    case TemplateFault::bad_url:
      return "channel.bad_url";
    case TemplateFault::bad_header:
      return "channel.bad_header";
    case TemplateFault::bad_signature:
      return "channel.bad_signature";
    case TemplateFault::bad_placeholder:
      return "channel.bad_placeholder";
    case TemplateFault::unknown_value:
      return "channel.unknown_value";
    case TemplateFault::bad_value:
      return "channel.bad_value";
  }
  base::unreachable();
}

base::Result<std::vector<std::string>, TemplateFault> names_in(const RequestTemplate& request) {
  std::vector<std::string> taken;
  const ValueAt note = [&](std::string_view name, Place) -> Text {
    if (std::ranges::find(taken, name) == taken.end()) taken.emplace_back(name);
    return std::string();
  };
  if (const auto all = Filling(request, note).run(); !all) return base::unexpected(all.error());
  if (!is_sound_signature(request)) return base::unexpected(TemplateFault::bad_signature);
  return taken;
}

base::Result<FilledRequest, TemplateFault> fill(const RequestTemplate& request,
                                                const Values& values) {
  const ValueAt value_at = [&](std::string_view name, Place place) -> Text {
    const auto found = values.find(name);
    if (found == values.end()) return base::unexpected(TemplateFault::unknown_value);
    return written(found->second, place);
  };
  return Filling(request, value_at).run();
}

}  // namespace channel
