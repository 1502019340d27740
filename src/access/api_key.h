// API keys of programs: "siyu_" + 8 characters to find it by + "_" + 43 characters of secret.
//
// The whole is shown once; stored are the part before the secret and the SHA-256 of the whole. A
// key may do what its scopes name, never more than its maker could; it ends with its maker (deleted
// or disabled), at once and for good.
//
// A public key (write_only) stands in pages everybody can read. It holds events.track and nothing
// else, so that it opens the tracker's routes alone; it is good from its origins only and as often
// as pace.h says. An origin is what a browser says of itself: it keeps a key from being used on
// other sites, not from being used by a program.
//
// Threads: any. Borrows what Means borrows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/fault.h"
#include "access/permission.h"
#include "access/user.h"
#include "access/viewer.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"

namespace rights {

inline constexpr std::int64_t kKeysMax = 1000;
// How long a key that was read is believed to be as it was: another process may have revoked it.
inline constexpr base::Duration kKeyKnownFor{base::kSecond};

struct ApiKey {
  base::KeyId id;
  std::string name;
  std::string prefix;  // "siyu_1a2b3c4d": to tell keys apart
  PermissionSet scopes;
  base::Moment created_at;
  std::optional<base::Moment> expires_at;
  std::optional<base::Moment> last_used_at;
  std::optional<base::Moment> revoked_at;
  bool write_only = false;           // public
  std::vector<std::string> origins;  // of a public key, as origin.h spells them
};

Viewer viewer_of(const ApiKey& key, std::string from);

struct NewKey {
  std::string name;
  PermissionSet scopes;
  std::optional<base::Moment> expires_at = std::nullopt;
  bool write_only = false;
  std::vector<std::string> origins = {};
};
struct CreatedKey {
  ApiKey key;
  std::string secret;  // the whole key, shown this once
};
struct RecognisedKey {
  ApiKey key;
  bool touch_due = false;  // call touch(): of all who ask within kKeyKnownFor one is told so
};

// Ends all keys `maker` has made, in the unit that ends them.
struct KeyMaker {
  base::UserId user;
  base::Moment now;
};
void revoke_keys_of(store::Unit& unit, const Actor& by, const KeyMaker& maker);

class ApiKeys {
 public:
  explicit ApiKeys(const Means& means) : means_(means) {}

  // Faults: bad_name, no_scopes, public_scopes, bad_origin, not_allowed (a scope its maker lacks),
  // expires_in_past, too_many.
  [[nodiscard]] base::Result<CreatedKey, Error> create(const Viewer& by, const NewKey& key);
  // At once and for good (in other processes over the same database within kKeyKnownFor); true: it
  // was in force.
  [[nodiscard]] base::Result<bool, Error> revoke(const Viewer& by, base::KeyId id);
  std::vector<ApiKey> list();  // newest first, revoked ones too

  // A read, or nothing where the key was read within kKeyKnownFor. Fault: not_signed_in.
  [[nodiscard]] base::Result<RecognisedKey, Error> recognise(std::string_view secret);
  // The key where nothing has to be read or written for it: it was read within kKeyKnownFor, is in
  // force, and its use is noted. Null: recognise() is to be asked. Blocks on nothing.
  std::shared_ptr<const ApiKey> known(std::string_view secret);
  void touch(base::KeyId id);
  // Whether some public key in force is good from this origin.
  bool is_public_origin(std::string_view origin);

 private:
  // A key as it stood in the table.
  struct Seen {
    ApiKey key;
    std::string hash;
    base::Moment read_at;
    std::uint64_t changes;  // of keys in this process, when it was read
  };
  using SeenPtr = std::shared_ptr<const Seen>;
  static bool is_good(const Seen& seen, std::string_view secret, base::Moment now);
  SeenPtr seen(std::string_view prefix, base::Moment now);
  SeenPtr look_up(std::string_view prefix, base::Moment now);
  bool begin_touch(base::KeyId id, base::Moment now);

  Means means_;
  std::mutex mutex_;
  std::map<std::string, SeenPtr, std::less<>> seen_;  // by mutex_; by prefix, at most kKeysMax
  std::map<base::KeyId, base::Moment> touches_;       // by mutex_; begun, at most kKeysMax
};

}  // namespace rights
