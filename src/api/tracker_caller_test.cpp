#include "api/tracker_caller.h"

#include <gtest/gtest.h>

namespace api {
namespace {

std::string key_in(const std::string& authorization,
                   const std::string& target = "/api/v1/t/track") {
  net::Request request;
  EXPECT_TRUE(net::set_target(request, target));
  if (!authorization.empty()) request.headers.add("Authorization", authorization);
  const auto given = tracker_key_of(request);
  if (!given) return "none";
  return given->secret + (given->in_address ? " in the address" : "");
}

// RFC 7617: the key as user name, whatever stands as the password.
TEST(TrackerCaller, KeysStandWhereClientsPutThem) {
  EXPECT_EQ(key_in("Basic c2l5dV9rZXk6"), "siyu_key");
  EXPECT_EQ(key_in("Basic c2l5dV9rZXk6cGFzcw=="), "siyu_key");
  EXPECT_EQ(key_in("Basic c2l5dV9rZXk"), "siyu_key");
  EXPECT_EQ(key_in("Basic c2l*"), "none");
  EXPECT_EQ(key_in("Basic " + std::string(600, 'A')), "none");
  EXPECT_EQ(key_in(""), "none");
  EXPECT_EQ(key_in("", "/api/v1/t/track?write_key=siyu_k"), "siyu_k in the address");
  EXPECT_EQ(key_in("Basic c2l5dV9rZXk6", "/api/v1/t/track?write_key=other"), "siyu_key");
}

TEST(TrackerCaller, ItsPathsAreThoseBelowT) {
  const auto is = [](const std::string& target) {
    net::Request request;
    EXPECT_TRUE(net::set_target(request, target));
    return is_tracker_path(request);
  };
  EXPECT_TRUE(is("/api/v1/t/batch"));
  EXPECT_FALSE(is("/api/v1/tags"));
  EXPECT_FALSE(is("/api/v1"));
}

}  // namespace
}  // namespace api
