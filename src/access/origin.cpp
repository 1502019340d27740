#include "access/origin.h"

#include <algorithm>
#include <charconv>

namespace rights {
namespace {

bool is_host_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// "shop.example.com", "10.0.0.5"; addresses in brackets are not taken.
bool is_host(std::string_view host) {
  if (host.empty() || !std::ranges::all_of(host, is_host_letter)) return false;
  return host.front() != '.' && host.front() != '-' && host.back() != '-' &&
         host.find("..") == std::string_view::npos;
}

std::optional<int> port_from(std::string_view text) {
  int port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || text.front() == '0' || port < 1 || port > 65535) return std::nullopt;
  return port;
}

}  // namespace

std::optional<std::string> origin_from(std::string_view text) {
  if (text.size() > kOriginBytesMax) return std::nullopt;
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const bool secure = lower.starts_with("https://");
  if (!secure && !lower.starts_with("http://")) return std::nullopt;
  const std::string scheme = secure ? "https://" : "http://";
  std::string_view rest = std::string_view(lower).substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.find(':');
  const std::string_view host = rest.substr(0, colon);
  if (!is_host(host)) return std::nullopt;
  std::string origin = scheme + std::string(host);
  if (colon == std::string_view::npos) return origin;
  if (colon + 1 == rest.size()) return std::nullopt;
  const auto port = port_from(rest.substr(colon + 1));
  if (!port) return std::nullopt;
  if (*port != (secure ? 443 : 80)) origin += ":" + std::to_string(*port);
  return origin;
}

std::string joined(const std::vector<std::string>& origins) {
  std::string text;
  for (const std::string& origin : origins) {
    if (!text.empty()) text += ' ';
    text += origin;
  }
  return text;
}

std::vector<std::string> origins_from(std::string_view text) {
  std::vector<std::string> origins;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    origins.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return origins;
}

}  // namespace rights
