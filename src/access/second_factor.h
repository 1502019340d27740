// Second factors as rows: what Sessions and Users do with them, inside a unit.
//
// A user has none, one that is offered (it asks for nothing yet) or one that is on. Codes are those
// of totp.h; each step's code is taken once and no older one after it. kRecoveryCodes codes replace
// the app when it is lost, each once; stored are their hashes (80 random bits each). The secret is
// sealed (secret_seal.h). Neither is ever in an audit entry.
//
// Functions over a Unit or Session; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/secret_seal.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/random.h"
#include "store/database.h"

namespace rights {

inline constexpr std::size_t kRecoveryCodes = 10;

struct SecondFactor {
  bool on = false;
  std::optional<base::Moment> since;  // it is on
  std::int64_t recovery_codes_left = 0;
};
SecondFactor second_factor_of(store::Session& session, base::UserId user);

// "abcd-efgh-jkmn-pqrs"; found again in either case, with or without what separates.
std::vector<std::string> new_recovery_codes(base::Random& random);

struct Offered {
  base::UserId user;
  std::string sealed_secret;
  base::Moment now;
};
// False: one is on.
bool put_second_factor(store::Unit& unit, const Offered& offered);

struct GivenCode {
  base::UserId user;
  std::string code;  // as typed
  base::Moment now;
};
enum class CodeJudgement : std::uint8_t {
  right,
  wrong,
  unreadable
};  // unreadable: the key is lost

// Takes the code of a second factor that is on.
CodeJudgement take_code(store::Unit& unit, const SecretSeal& seal, const GivenCode& given);
// Turns an offered one on, by a code of the app.
enum class Confirmation : std::uint8_t { done, wrong, unreadable, not_offered, on_already };
Confirmation turn_on_second_factor(store::Unit& unit, const SecretSeal& seal,
                                   const GivenCode& given,
                                   const std::vector<std::string>& recovery_codes);
// False: there was none that was on.
bool delete_second_factor(store::Unit& unit, base::UserId user);

struct SecondFactorChange {
  base::UserId user;
  base::Moment now;
  std::string_view verb;  // "turned_on", "turned_off", "recovery_code_used"
};
void record_second_factor(store::Unit& unit, const Actor& by, const SecondFactorChange& change);

}  // namespace rights
