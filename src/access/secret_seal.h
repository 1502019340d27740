// Secrets that must be read again (of second factors, HTTP channels, webhooks), as they lie in the
// database: AES-256-GCM under a key that is not in it, so that a copy of it, a backup or a dump
// gives nothing away.
//
// The key is a file of 64 hexadecimal digits:
//   SQLite      <data folder>/second_factor.key
//   PostgreSQL  the same name in the folder given by --data, or the file that `key_file` of the
//               configuration names; without either there is none, and nobody can turn a second
//               factor on. Several machines share one file.
// It is made when first needed, mode 0600; one that group or others may read is not used. It is
// part of no backup of ours: keep a copy of it apart. Without it second factors cannot be read;
// recovery codes still work, and `siyu user reset NAME --without-code` removes one.
//
// A sealed text is bound to `whose`, so that it cannot be moved to another row. Threads and
// processes: any number; of two that make the file at once one does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace rights {

inline constexpr std::string_view kSecretKeyFile = "second_factor.key";
inline constexpr std::size_t kSecretBytesMax = 1024;

class SecretSeal {
 public:
  // `path` of the key; empty: there is none. Borrows `random`.
  SecretSeal(std::string path, base::Random& random) : path_(std::move(path)), random_(random) {}

  struct Secret {
    std::string text;   // at most kSecretBytesMax
    std::string whose;  // "user 12"
  };
  // Nothing: there is no key and none can be made (the log says why).
  std::optional<std::string> close(const Secret& secret);
  // `sealed.text` as close() gave it. Nothing: there is no key, or it is another one.
  std::optional<std::string> open(const Secret& sealed) const;

 private:
  std::optional<std::string> key() const;
  void make_key();

  std::string path_;
  base::Random& random_;
};

}  // namespace rights
