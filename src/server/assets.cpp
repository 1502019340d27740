#include "server/assets.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace server {
namespace {

constexpr std::string_view kTrackerPath = "/siyu.js";
constexpr std::string_view kNoncePlace = "__CSP_NONCE__";
constexpr std::size_t kNonceBytes = 16;

const EmbeddedFile* embedded(std::string_view path) {
  const auto files = embedded_files();
  const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
  return found == files.end() ? nullptr : &*found;
}

std::string_view type_of(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".woff2", "font/woff2"}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

bool accepts(const net::Request& request, std::string_view encoding) {
  const auto accepted = request.headers.find("Accept-Encoding").value_or("");
  return accepted.find(encoding) != std::string_view::npos;
}

net::Response not_found() { return net::make_response(404, "text/plain; charset=utf-8", "404\n"); }

std::string policy_with(std::string_view nonce) {
  return "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
         "font-src 'self'; style-src 'self' 'nonce-" +
         std::string(nonce) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace

std::optional<net::Response> Assets::file(const net::Request& request,
                                          const std::string& path) const {
  net::Response response;
  if (!folder_.empty() && path != kTrackerPath) {
    auto body = read_file(folder_ + path);
    if (!body) return std::nullopt;
    response = net::make_response(200, type_of(path), std::move(*body));
    response.headers.set("Cache-Control", "no-store");
    return response;
  }
  const EmbeddedFile* found = embedded(path);
  if (found == nullptr) return std::nullopt;
  response.headers.set("Content-Type", found->content_type);
  response.headers.set("ETag", found->etag);
  response.headers.set("Vary", "Accept-Encoding");
  response.headers.set("Cache-Control", path.starts_with("/assets/")
                                            ? "public, max-age=31536000, immutable"
                                            : "no-cache");
  if (path == kTrackerPath) {
    response.headers.set("Cache-Control", "public, max-age=3600");
    response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  }
  if (request.headers.find("If-None-Match").value_or("") == found->etag) {
    response.status = 304;
    return response;
  }
  response.fixed_body = found->plain.view();
  if (found->packed.begin != nullptr && accepts(request, "br")) {
    response.headers.set("Content-Encoding", "br");
    response.fixed_body = found->packed.view();
  } else if (found->zipped.begin != nullptr && accepts(request, "gzip")) {
    response.headers.set("Content-Encoding", "gzip");
    response.fixed_body = found->zipped.view();
  }
  return response;
}

net::Response Assets::page() const {
  std::string page;
  if (folder_.empty()) {
    const EmbeddedFile* found = embedded("/index.html");
    if (found == nullptr) return not_found();
    page = found->plain.view();
  } else {
    auto read = read_file(folder_ + "/index.html");
    if (!read) return not_found();
    page = std::move(*read);
  }
  std::array<std::byte, kNonceBytes> bytes{};
  random_.fill(bytes);
  const std::string nonce = base::to_base64url(bytes);
  for (std::size_t at = 0; (at = page.find(kNoncePlace, at)) != std::string::npos;) {
    page.replace(at, kNoncePlace.size(), nonce);
  }
  net::Response response = net::make_response(200, "text/html; charset=utf-8", std::move(page));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Security-Policy", policy_with(nonce));
  return response;
}

net::Response Assets::answer(const net::Request& request) const {
  if (request.method != net::Method::get && request.method != net::Method::head) {
    net::Response response = net::make_response(405, "text/plain; charset=utf-8", "405\n");
    response.headers.set("Allow", "GET, HEAD");
    return response;
  }
  // Decoded segments hold no "." or ".." (net refuses them); a "/" inside one is no file of ours.
  std::string path;
  for (const std::string& segment : request.segments) {
    if (segment.find('/') != std::string::npos) return not_found();
    path += "/" + segment;
  }
  if (path.empty() || path == "/" || path == "/index.html") return page();
  if (auto found = file(request, path)) return std::move(*found);
  const std::string& last = request.segments.back();
  return last.find('.') == std::string::npos ? page() : not_found();
}

void set_security_headers(net::Response& response) {
  const auto set = [&](std::string_view name, std::string_view value) {
    if (!response.headers.find(name)) response.headers.set(name, value);
  };
  set("X-Content-Type-Options", "nosniff");
  set("X-Frame-Options", "DENY");
  set("Referrer-Policy", "no-referrer");
  set("Cross-Origin-Opener-Policy", "same-origin");
  set("Cross-Origin-Resource-Policy", "same-origin");
  set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

}  // namespace server
