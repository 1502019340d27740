#include "access/second_factor.h"

#include <algorithm>

#include "access/audit.h"
#include "access/second_factor_sql.h"
#include "access/secret.h"
#include "access/totp.h"
#include "base/text.h"

namespace rights {
namespace {

// 32 letters and digits that are not taken for each other.
constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
constexpr std::size_t kRecoveryLetters = 16;
constexpr std::size_t kGroupLetters = 4;
constexpr std::size_t kCodeDigits = 6;
constexpr std::size_t kTypedBytesMax = 64;

struct Row {
  bool on = false;
  std::string sealed_secret;
  std::int64_t last_step = 0;
  base::Moment since;
};

std::optional<Row> row_of(store::Session& session, base::UserId user) {
  return session.one(sql::kSelectSecondFactor, {user.value}, [](const store::Row& row) {
    return Row{row.text(0) == "on", std::string(row.text(1)), row.integer(2),
               base::Moment{row.integer(3)}};
  });
}

// What was typed without what separates, in lower case.
std::string plain(std::string_view typed) {
  std::string out;
  if (typed.size() > kTypedBytesMax) return out;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string recovery_hash(base::UserId user, std::string_view plain_code) {
  return hash_of("recovery " + std::to_string(user.value) + " " + std::string(plain_code));
}

// The step whose code this is; nothing: of none that is near.
std::optional<std::int64_t> step_with(std::string_view secret, const GivenCode& given) {
  const std::string code = plain(given.code);
  const std::int64_t now = totp_step_of(given.now);
  std::optional<std::int64_t> found;
  for (std::int64_t step = now - kTotpStepsAside; step <= now + kTotpStepsAside; ++step) {
    if (base::equal_secrets(totp_code(secret, step), code)) found = step;
  }
  return found;
}

CodeJudgement take_app_code(store::Unit& unit, const SecretSeal& seal, const GivenCode& given) {
  const auto row = row_of(unit, given.user);
  if (!row) return CodeJudgement::wrong;
  const auto secret = seal.open({row->sealed_secret, "user " + std::to_string(given.user.value)});
  if (!secret) return CodeJudgement::unreadable;
  const auto step = step_with(*secret, given);
  if (!step) return CodeJudgement::wrong;
  // A code that was taken, and any before it, is not taken again.
  const bool fresh = unit.execute(sql::kTakeStep, {given.user.value, *step}) > 0;
  return fresh ? CodeJudgement::right : CodeJudgement::wrong;
}

}  // namespace

SecondFactor second_factor_of(store::Session& session, base::UserId user) {
  const auto row = row_of(session, user);
  if (!row || !row->on) return {};
  const auto left = session.one(sql::kCountRecoveryCodes, {user.value},
                                [](const store::Row& count) { return count.integer(0); });
  return {true, row->since, left.value_or(0)};
}

std::vector<std::string> new_recovery_codes(base::Random& random) {
  std::vector<std::string> codes(kRecoveryCodes);
  for (std::string& code : codes) {
    for (std::size_t i = 0; i < kRecoveryLetters; ++i) {
      if (i > 0 && i % kGroupLetters == 0) code += '-';
      code += kLetters[random.next() % kLetters.size()];
    }
  }
  return codes;
}

bool put_second_factor(store::Unit& unit, const Offered& offered) {
  return unit.execute(sql::kPutSecondFactor,
                      {offered.user.value, offered.sealed_secret, offered.now.ms}) > 0;
}

CodeJudgement take_code(store::Unit& unit, const SecretSeal& seal, const GivenCode& given) {
  const std::string code = plain(given.code);
  if (code.size() == kCodeDigits) return take_app_code(unit, seal, given);
  const bool taken =
      unit.execute(sql::kTakeRecoveryCode, {given.user.value, recovery_hash(given.user, code)}) > 0;
  return taken ? CodeJudgement::right : CodeJudgement::wrong;
}

Confirmation turn_on_second_factor(store::Unit& unit, const SecretSeal& seal,
                                   const GivenCode& given,
                                   const std::vector<std::string>& recovery_codes) {
  const auto row = row_of(unit, given.user);
  if (!row) return Confirmation::not_offered;
  if (row->on) return Confirmation::on_already;
  switch (take_app_code(unit, seal, given)) {
    case CodeJudgement::wrong:
      return Confirmation::wrong;
    case CodeJudgement::unreadable:
      return Confirmation::unreadable;
    case CodeJudgement::right:
      break;
  }
  if (unit.execute(sql::kTurnOn, {given.user.value, given.now.ms}) == 0) {
    return Confirmation::on_already;  // meanwhile
  }
  unit.execute(sql::kDeleteRecoveryCodes, {given.user.value});
  for (const std::string& code : recovery_codes) {
    unit.execute(sql::kInsertRecoveryCode,
                 {given.user.value, recovery_hash(given.user, plain(code))});
  }
  return Confirmation::done;
}

bool delete_second_factor(store::Unit& unit, base::UserId user) {
  const auto row = row_of(unit, user);
  unit.execute(sql::kDeleteRecoveryCodes, {user.value});
  unit.execute(sql::kDeleteSecondFactor, {user.value});
  return row && row->on;
}

void record_second_factor(store::Unit& unit, const Actor& by, const SecondFactorChange& change) {
  record(unit, {.actor = by,
                .at = change.now,
                .noun = "second_factor",
                .verb = std::string(change.verb),
                .subject = std::to_string(change.user.value)});
}

}  // namespace rights
