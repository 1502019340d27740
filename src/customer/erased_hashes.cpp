// Both ways to keep the hashes of erased identities.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <unordered_map>

#include "base/text.h"
#include "customer/erase.h"
#include "customer/erase_sql.h"
#include "store/failure.h"

namespace customer {
namespace {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::string_view kFirstWords = "siyu erased 1 ";

std::string hex(std::string_view bytes) {
  return base::to_hex(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::string new_key(base::Random& random) {
  std::string key(kKeyBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(key.data(), key.size())));
  return key;
}

[[noreturn]] void fail(const std::string& path, std::string_view doing) {
  const int error = errno;
  const auto kind = error == ENOSPC ? store::FailureKind::full : store::FailureKind::unavailable;
  throw store::Failure(kind, fmt::format("cannot {} {}: {}", doing, path, std::strerror(error)));
}

// An open file that closes itself.
class File {
 public:
  File(const std::string& path, int flags) : path_(path), number_(open(path.c_str(), flags, 0600)) {
    if (number_ < 0) fail(path, "open");
  }
  ~File() { close(number_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::string read_all() const {
    std::string bytes;
    char block[65'536];
    while (true) {
      const ssize_t got = read(number_, block, sizeof block);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail(path_, "read");
      if (got == 0) return bytes;
      bytes.append(block, static_cast<std::size_t>(got));
      if (bytes.size() > static_cast<std::size_t>(kErasedFileBytesMax)) {
        throw store::Failure(store::FailureKind::misuse, path_ + " is larger than it can be");
      }
    }
  }
  void append(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(path_, "write");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (fsync(number_) != 0) fail(path_, "write");
  }
  void cut(std::size_t bytes) const {
    if (ftruncate(number_, static_cast<off_t>(bytes)) != 0) fail(path_, "write");
  }
  void sync() const {
    if (fsync(number_) != 0) fail(path_, "write");
  }

 private:
  std::string path_;
  int number_;
};

class FileHashes final : public ErasedHashes {
 public:
  FileHashes(const std::string& folder, base::Random& random)
      : file_(folder + "/" + std::string(kErasedFile), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC) {
    const std::string bytes = file_.read_all();
    const std::size_t whole = bytes.rfind('\n') == std::string::npos ? 0 : bytes.rfind('\n') + 1;
    if (whole != bytes.size()) file_.cut(whole);
    if (whole == 0) {
      key_ = new_key(random);
      file_.append(fmt::format("{}{}\n", kFirstWords, hex(key_)));
      File(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync();
      return;
    }
    read_lines(std::string_view(bytes).substr(0, whole));
  }

  void remember(store::Unit&, std::span<const std::string> subjects,
                base::Moment erased_at) override {
    const std::lock_guard lock(mutex_);
    std::string lines;
    for (const std::string& subject : subjects) {
      const std::string hash = base::hmac_sha256(key_, subject);
      lines += fmt::format("{} {}\n", erased_at.ms, hex(hash));
      keep(hash, erased_at);
    }
    file_.append(lines);
  }

  std::optional<base::Moment> erased_at(store::Session&, std::string_view subject) override {
    const std::lock_guard lock(mutex_);
    const auto at = erased_.find(base::hmac_sha256(key_, subject));
    if (at == erased_.end()) return std::nullopt;
    return at->second;
  }

 private:
  void read_lines(std::string_view lines) {
    const auto damaged = [] {
      return store::Failure(store::FailureKind::corrupt,
                            "erased.hashes is damaged: put back a copy of it");
    };
    const std::string_view first = lines.substr(0, lines.find('\n'));
    if (!first.starts_with(kFirstWords)) throw damaged();
    const auto key = base::from_hex(first.substr(kFirstWords.size()));
    if (!key || key->size() != kKeyBytes) throw damaged();
    key_ = *key;
    lines.remove_prefix(first.size() + 1);
    while (!lines.empty()) {
      const std::string_view line = lines.substr(0, lines.find('\n'));
      lines.remove_prefix(line.size() + 1);
      std::int64_t ms = 0;
      const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), ms);
      if (failure != std::errc{} || end == line.data() + line.size() || *end != ' ') {
        throw damaged();
      }
      const auto hash =
          base::from_hex(line.substr(static_cast<std::size_t>(end - line.data()) + 1));
      if (!hash) throw damaged();
      keep(*hash, {ms});
    }
  }

  void keep(const std::string& hash, base::Moment erased_at) {
    base::Moment& last = erased_.try_emplace(hash, erased_at).first->second;
    last = std::max(last, erased_at);
  }

  std::mutex mutex_;
  File file_;
  std::string key_;
  std::unordered_map<std::string, base::Moment> erased_;
};

class TableHashes final : public ErasedHashes {
 public:
  explicit TableHashes(base::Random& random) : spare_key_(hex(new_key(random))) {}

  void remember(store::Unit& unit, std::span<const std::string> subjects,
                base::Moment erased_at) override {
    unit.execute(sql::kInsertErasedKey, {spare_key_});
    const std::string key = key_of(unit).value_or(std::string());
    for (const std::string& subject : subjects) {
      unit.execute(sql::kRememberErased, {hex(base::hmac_sha256(key, subject)), erased_at.ms});
    }
  }

  std::optional<base::Moment> erased_at(store::Session& session,
                                        std::string_view subject) override {
    const auto key = key_of(session);
    if (!key) return std::nullopt;  // nobody was ever erased
    return session.one(sql::kErasedAt, {hex(base::hmac_sha256(*key, subject))},
                       [](const store::Row& row) { return base::Moment{row.integer(0)}; });
  }

 private:
  static std::optional<std::string> key_of(store::Session& session) {
    return session.one(sql::kErasedKey, {},
                       [](const store::Row& row) { return std::string(row.text(0)); });
  }

  const std::string spare_key_;  // becomes the key if there is none yet
};

}  // namespace

std::unique_ptr<ErasedHashes> open_erased_hashes(const std::string& folder, base::Random& random) {
  return std::make_unique<FileHashes>(folder, random);
}

std::unique_ptr<ErasedHashes> erased_hashes_table(base::Random& random) {
  return std::make_unique<TableHashes>(random);
}

}  // namespace customer
