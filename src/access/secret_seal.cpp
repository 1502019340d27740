#include "access/secret_seal.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>

#include "base/check.h"
#include "base/diagnostics.h"
#include "base/text.h"

namespace rights {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

bool write_durably(const std::string& path, const std::string& text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number() < 0) return false;
  const ssize_t written = ::write(file.number(), text.data(), text.size());
  return written == static_cast<ssize_t>(text.size()) && ::fsync(file.number()) == 0;
}

std::string random_bytes(base::Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::string hex(std::string_view bytes) { return base::to_hex(std::as_bytes(std::span(bytes))); }

}  // namespace

// Made whole under another name: whoever reads the file finds all of it.
void SecretSeal::make_key() {
  const std::string partial = path_ + "." + hex(random_bytes(random_, 8));
  const bool made = write_durably(partial, hex(random_bytes(random_, kKeyBytes)) + "\n") &&
                    (::link(partial.c_str(), path_.c_str()) == 0 || errno == EEXIST);
  if (!made) base::log_error("{} cannot be made: {}", path_, std::strerror(errno));
  ::unlink(partial.c_str());
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  const Descriptor opened(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() >= 0) ::fsync(opened.number());
}

std::optional<std::string> SecretSeal::key() const {
  if (path_.empty()) return std::nullopt;
  const Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return std::nullopt;
  struct stat state{};
  if (::fstat(file.number(), &state) != 0 || (state.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    base::log_error("{} may be read by others and is not used: chmod 600 it", path_);
    return std::nullopt;
  }
  std::array<char, kKeyBytes * 2> digits{};
  const ssize_t got = ::read(file.number(), digits.data(), digits.size());
  const auto key = got == static_cast<ssize_t>(digits.size())
                       ? base::from_hex({digits.data(), digits.size()})
                       : std::nullopt;
  if (!key) base::log_error("{} is not a key of siyu: put back a copy of it", path_);
  return key;
}

std::optional<std::string> SecretSeal::close(const Secret& secret) {
  CHECK(secret.text.size() <= kSecretBytesMax);
  if (!path_.empty() && ::access(path_.c_str(), F_OK) != 0) make_key();
  const auto key_bytes = key();
  if (!key_bytes) return std::nullopt;
  const std::string nonce = random_bytes(random_, kNonceBytes);
  std::string hidden(secret.text.size(), '\0');
  std::string tag(kTagBytes, '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  CHECK(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                           bytes_of(std::string_view(*key_bytes)),
                           bytes_of(std::string_view(nonce))) == 1);
  CHECK(EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes_of(std::string_view(secret.whose)),
                          static_cast<int>(secret.whose.size())) == 1);
  CHECK(EVP_EncryptUpdate(cipher.get(), bytes_of(hidden), &length,
                          bytes_of(std::string_view(secret.text)),
                          static_cast<int>(secret.text.size())) == 1);
  CHECK(EVP_EncryptFinal_ex(cipher.get(), nullptr, &length) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes),
                            tag.data()) == 1);
  return hex(nonce + hidden + tag);
}

std::optional<std::string> SecretSeal::open(const Secret& sealed) const {
  const auto key_bytes = key();
  const auto bytes = base::from_hex(sealed.text);
  if (!key_bytes || !bytes || bytes->size() < kNonceBytes + kTagBytes) return std::nullopt;
  std::string tag = bytes->substr(bytes->size() - kTagBytes);
  const std::string hidden = bytes->substr(kNonceBytes, bytes->size() - kNonceBytes - kTagBytes);
  std::string text(hidden.size(), '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  const bool right =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                         bytes_of(std::string_view(*key_bytes)),
                         bytes_of(std::string_view(*bytes))) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes_of(std::string_view(sealed.whose)),
                        static_cast<int>(sealed.whose.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), bytes_of(text), &length, bytes_of(std::string_view(hidden)),
                        static_cast<int>(hidden.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes),
                          tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), nullptr, &length) == 1;
  if (!right) return std::nullopt;
  return text;
}

}  // namespace rights
