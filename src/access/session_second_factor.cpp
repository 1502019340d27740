// Second factors as their owners meet them.
#include <utility>

#include "access/secret.h"
#include "access/session.h"
#include "access/totp.h"

namespace rights {
namespace {

base::unexpected<Error> fail(Fault fault) { return base::unexpected<Error>(Error{fault}); }

std::string name_of_secret(const User& user) { return "user " + std::to_string(user.id.value); }

std::string new_secret(base::Random& random) {
  std::string secret(kTotpSecretBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(secret)));
  return secret;
}

Actor actor_of(const User& user, const PeerAddress& from) {
  return viewer_of(user, from.text).actor();
}

}  // namespace

std::optional<Error> Sessions::judge_code(store::Unit& unit, const User& user,
                                          const Judged& judged) {
  if (!second_factor_of(unit, user.id).on) return std::nullopt;
  const Attempt& attempt = judged.attempt;
  if (judged.code.empty()) {
    take_back(unit, attempt);
    return Error{Fault::code_needed};
  }
  if (const auto begun = begin_code(unit, attempt); !begun) {
    take_back(unit, attempt);
    return begun.error();
  }
  const std::int64_t recovery_codes = second_factor_of(unit, user.id).recovery_codes_left;
  switch (take_code(unit, means_.seal, {user.id, judged.code, attempt.now})) {
    case CodeJudgement::wrong:
      return Error{Fault::code_wrong};
    case CodeJudgement::unreadable:
      return Error{Fault::no_second_factor_key};
    case CodeJudgement::right:
      break;
  }
  code_succeeded(unit, attempt);
  if (second_factor_of(unit, user.id).recovery_codes_left < recovery_codes) {
    record_second_factor(unit, actor_of(user, attempt.from),
                         {user.id, attempt.now, "recovery_code_used"});
  }
  return std::nullopt;
}

base::Result<SecondFactor, Error> Sessions::second_factor(std::string_view token) {
  const auto recognised = recognise(token);
  if (!recognised) return base::unexpected(recognised.error());
  return means_.database.read(
      [&](store::Session& session) { return second_factor_of(session, recognised->user.id); });
}

base::Result<Offer, Error> Sessions::offer_second_factor(std::string_view token, const Proof& proof,
                                                         const PeerAddress& from) {
  const auto proven = prove(token, proof.password, from);
  if (!proven) return base::unexpected(proven.error());
  const User& user = proven->user;
  const Offer offer{new_secret(means_.random)};
  const auto sealed = means_.seal.close({offer.secret, name_of_secret(user)});
  const bool offered = means_.database.write("second_factor.offer", [&](store::Unit& unit) {
    succeeded(unit, proven->attempt);
    return sealed && put_second_factor(unit, {user.id, *sealed, proven->attempt.now});
  });
  if (!sealed) return fail(Fault::no_second_factor_key);
  if (!offered) return fail(Fault::second_factor_on);
  return offer;
}

base::Result<std::vector<std::string>, Error> Sessions::confirm_second_factor(
    std::string_view token, const Proof& proof, const PeerAddress& from) {
  const auto recognised = recognise(token);
  if (!recognised) return base::unexpected(recognised.error());
  const User& user = recognised->user;
  const base::Moment now = means_.clock.now();
  const std::vector<std::string> codes = new_recovery_codes(means_.random);
  return means_.database.write(
      "second_factor.confirm",
      [&](store::Unit& unit) -> base::Result<std::vector<std::string>, Error> {
        switch (turn_on_second_factor(unit, means_.seal, {user.id, proof.code, now}, codes)) {
          case Confirmation::wrong:
            return fail(Fault::code_wrong);
          case Confirmation::unreadable:
            return fail(Fault::no_second_factor_key);
          case Confirmation::not_offered:
            return fail(Fault::second_factor_off);
          case Confirmation::on_already:
            return fail(Fault::second_factor_on);
          case Confirmation::done:
            break;
        }
        record_second_factor(unit, actor_of(user, from), {user.id, now, "turned_on"});
        return codes;
      });
}

base::Result<bool, Error> Sessions::remove_second_factor(std::string_view token, const Proof& proof,
                                                         const PeerAddress& from) {
  const auto proven = prove(token, proof.password, from);
  if (!proven) return base::unexpected(proven.error());
  const User& user = proven->user;
  std::optional<Error> refused;
  const auto removed = means_.database.write("second_factor.remove", [&](store::Unit& unit) {
    refused = judge_code(unit, user, {proven->attempt, proof.code});
    if (refused) return false;
    succeeded(unit, proven->attempt);
    if (!delete_second_factor(unit, user.id)) return false;
    record_second_factor(unit, actor_of(user, from), {user.id, proven->attempt.now, "turned_off"});
    return true;
  });
  if (refused) return base::unexpected(*refused);
  if (!removed) return fail(Fault::second_factor_off);
  return true;
}

}  // namespace rights
