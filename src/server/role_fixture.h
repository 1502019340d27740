// What tests of rights share: the whole program, and people who are signed in.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>

#include "server/app_fixture.h"

namespace server {

class RoleFixture : public AppFixture {
 protected:
  struct SignedIn {
    std::string cookie;
    std::string csrf;
    boost::json::array permissions;
  };

  // From a browser somewhere.
  static net::Request from_outside(net::Method method, std::string_view target, std::string body) {
    net::Request out = request(method, target, std::move(body));
    out.local = false;
    out.remote = "203.0.113.9";
    return out;
  }

  // As whoever may open the data folder.
  boost::json::value local(net::Method method, std::string_view target, const std::string& body) {
    const net::Response response = send(method, target, body);
    EXPECT_LT(response.status, 300) << target << " " << response.body;
    return response.body.empty() ? boost::json::value() : boost::json::parse(response.body);
  }
  boost::json::value local_post(std::string_view target, const std::string& body) {
    return local(net::Method::post, target, body);
  }

  net::Response ask(const SignedIn& who, net::Method method, std::string_view target,
                    const std::string& body = "") {
    net::Request out = from_outside(method, target, body);
    out.headers.set("Cookie", who.cookie);
    out.headers.set("X-CSRF-Token", who.csrf);
    return app_->handle(out);
  }
  net::Response get(const SignedIn& who, std::string_view target) {
    return ask(who, net::Method::get, target);
  }
  net::Response post(const SignedIn& who, std::string_view target, const std::string& body) {
    return ask(who, net::Method::post, target, body);
  }

  // `more`: members beside name, role and password.
  std::int64_t make_user(const std::string& name, std::string_view role,
                         boost::json::object more = {}) {
    more["name"] = name;
    more["role"] = role;
    more["password"] = kPassword;
    const auto made = local_post("/api/v1/users", boost::json::serialize(more));
    return made.at("id").as_int64();
  }
  SignedIn sign_in(const std::string& name) {
    const net::Response response = app_->handle(from_outside(
        net::Method::post, "/api/v1/session",
        boost::json::serialize(boost::json::object{{"name", name}, {"password", kPassword}})));
    EXPECT_EQ(response.status, 201) << response.body;
    const std::string cookie(response.headers.find("Set-Cookie").value_or(""));
    const auto body = boost::json::parse(response.body);
    return {cookie.substr(0, cookie.find(';')), std::string(body.at("csrf_token").as_string()),
            body.at("permissions").as_array()};
  }

  static std::string code_of(const net::Response& response) {
    boost::system::error_code failure;
    const auto body = boost::json::parse(response.body, failure);
    if (failure || !body.is_object()) return "";
    const auto* code = body.get_object().if_contains("code");
    return code != nullptr && code->is_string() ? std::string(code->get_string()) : "";
  }

  static constexpr std::string_view kPassword = "a-long-cup-of-oolong";
};

}  // namespace server
