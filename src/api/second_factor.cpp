// One's own second factor.
#include "access/second_factor.h"

#include <boost/describe.hpp>
#include <boost/json/value_from.hpp>

#include "access/totp.h"
#include "api/call.h"
#include "api/route.h"
#include "setting/setting.h"

namespace api {
namespace {

namespace json = boost::json;

struct PasswordBody {
  std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordBody, (), (password))

struct CodeBody {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(CodeBody, (), (code))

struct ProofBody {
  std::string password;
  std::string code;
};
BOOST_DESCRIBE_STRUCT(ProofBody, (), (password, code))

// What an app writes above the codes.
std::string issuer(Call& call) {
  const std::string brand = call.services().database.read(
      [](store::Session& session) { return setting::read(session).brand_name; });
  return brand.empty() ? "Siyu" : brand;
}

net::Response get_second_factor(Call& call) {
  call.session_user();
  const auto factor = value_or_refuse(call.services().sessions.second_factor(call.caller().token));
  return ok(json::object{{"on", factor.on},
                         {"since", iso_or_null(factor.since)},
                         {"recovery_codes_left", factor.recovery_codes_left}});
}

net::Response offer_second_factor(Call& call) {
  const rights::User& user = call.session_user();
  const auto body = call.body<PasswordBody>();
  const auto offer = value_or_refuse(call.services().sessions.offer_second_factor(
      call.caller().token, {body.password}, call.peer()));
  return created(
      json::object{{"secret", rights::to_base32(offer.secret)},
                   {"uri", rights::otpauth_uri({issuer(call), user.name}, offer.secret)}});
}

net::Response confirm_second_factor(Call& call) {
  call.session_user();
  const auto body = call.body<CodeBody>();
  const auto codes = value_or_refuse(call.services().sessions.confirm_second_factor(
      call.caller().token, {"", body.code}, call.peer()));
  return ok(json::object{{"recovery_codes", json::value_from(codes)}});
}

net::Response remove_second_factor(Call& call) {
  call.session_user();
  const auto body = call.body<ProofBody>();
  value_or_refuse(call.services().sessions.remove_second_factor(
      call.caller().token, {body.password, body.code}, call.peer()));
  return no_content();
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/session/second-factor", Guard::signed_in(), get_second_factor},
    {net::Method::post, "/session/second-factor", Guard::signed_in(), offer_second_factor},
    {net::Method::post, "/session/second-factor/confirm", Guard::signed_in(),
     confirm_second_factor},
    {net::Method::post, "/session/second-factor/remove", Guard::signed_in(), remove_second_factor},
};

}  // namespace

std::span<const Route> second_factor_routes() { return kRoutes; }

}  // namespace api
