#include "server/app.h"

#include <gtest/gtest.h>

#include "api/route.h"

namespace server {
namespace {

net::Request sending_events() {
  net::Request request;
  request.method = net::Method::post;
  EXPECT_TRUE(net::set_target(request, "/api/v1/events"));
  return request;
}

std::size_t with(const std::string& name, const std::string& value) {
  net::Request request = sending_events();
  request.headers.set(name, value);
  return App::body_bytes_max(request);
}

TEST(AppTest, StrangersMaySendNoLargeBodies) {
  const std::string secret = "siyu_1a2b3c4d_" + std::string(43, 'x');
  const std::string cookie = "siyu_session=" + std::string(43, 'x');
  EXPECT_EQ(with("Accept", "*/*"), api::kBodyBytesMax);
  EXPECT_EQ(with("Authorization", "Bearer x"), api::kBodyBytesMax);
  EXPECT_EQ(with("Authorization", "Bearer siyu" + std::string(53, '_') + "x"), api::kBodyBytesMax);
  EXPECT_EQ(with("Cookie", "siyu_session=x"), api::kBodyBytesMax);
  EXPECT_EQ(with("Authorization", "Bearer " + secret), api::kEventsBodyBytesMax);
  EXPECT_EQ(with("Cookie", cookie), api::kEventsBodyBytesMax);
}

TEST(AppTest, TheCommandLineKeepsItsLimits) {
  net::Request request = sending_events();
  request.local = true;
  EXPECT_EQ(App::body_bytes_max(request), api::kEventsBodyBytesMax);
}

TEST(AppTest, WhatTheServerRefusesCarriesTheHeadersOfAll) {
  for (const auto refusal : {net::Refusal::bad_request, net::Refusal::body_too_large,
                             net::Refusal::header_too_large, net::Refusal::too_busy}) {
    const net::Response response = App::refuse(refusal);
    EXPECT_EQ(response.status, net::status_of(refusal));
    EXPECT_EQ(response.headers.find("X-Content-Type-Options"), "nosniff");
    EXPECT_TRUE(response.headers.find("Content-Security-Policy"));
    EXPECT_EQ(response.headers.find("Content-Language"), "en");
  }
}

}  // namespace
}  // namespace server
