// The console's files: embedded in the program, or read from a folder while it is developed. And
// the tracker (/siyu.js), embedded always, which pages of any origin may load and keep for an hour.
//
// A path that is no file and has no ending is an address inside the console: index.html answers it,
// never cached, with a fresh nonce in place of every __CSP_NONCE__ and in the policy that allows
// antd's style elements. Files under /assets/ carry their hash in the name and are cached for ever.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/random.h"
#include "net/http.h"

namespace server {

struct Bytes {
  const char* begin = nullptr;
  const char* end = nullptr;
  std::string_view view() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

struct EmbeddedFile {
  std::string_view path;  // "/assets/index-Bx1.js"
  std::string_view content_type;
  std::string_view etag;  // quoted
  Bytes plain;
  Bytes packed;  // by brotli; empty where that is no gain
  Bytes zipped;  // by gzip, for browsers over plain HTTP; the same
};
std::span<const EmbeddedFile> embedded_files();

class Assets {
 public:
  // `folder` empty: the embedded files. Borrows `random` for nonces.
  Assets(std::string folder, base::Random& random) : folder_(std::move(folder)), random_(random) {}

  // GET or HEAD of anything outside /api and /local. 404 as text when there is no such file.
  net::Response answer(const net::Request& request) const;

 private:
  std::optional<net::Response> file(const net::Request& request, const std::string& path) const;
  net::Response page() const;

  std::string folder_;
  base::Random& random_;
};

// What every answer carries.
void set_security_headers(net::Response& response);

}  // namespace server
