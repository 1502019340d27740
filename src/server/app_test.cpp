#include "server/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <future>
#include <vector>

#include "access/pace.h"
#include "api/route.h"
#include "net/later.h"
#include "server/app_fixture.h"

namespace server {
namespace {

class StandingClock final : public base::Clock {
 public:
  base::Moment now() const override { return base::Moment{1'790'000'000'000}; }
};

class AppTest : public AppFixture {
 protected:
  const base::Clock& clock() const override { return standing_; }

  // A key with this permission; as the field Authorization has it.
  std::string key_with(const std::string& scope) {
    return "Bearer " + secret_of(R"({"name": ")" + scope + R"(", "scopes": [")" + scope + R"("]})");
  }
  std::string secret_of(std::string key) {
    const net::Response response = send(net::Method::post, "/api/v1/keys", std::move(key));
    EXPECT_EQ(response.status, 201) << response.body;
    return std::string(boost::json::parse(response.body).at("secret").as_string());
  }
  static net::Request asking(std::string_view path) {
    net::Request request;
    request.method = net::Method::post;
    EXPECT_TRUE(net::set_target(request, path));
    return request;
  }
  // "65536", or the status of the answer instead of it.
  std::string admitted(net::Request request) {
    const net::Admission admission = app_->admit_body(request);
    if (!admission.refusal) return std::to_string(admission.body_bytes_max);
    EXPECT_EQ(admission.refusal->headers.find("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(admission.refusal->headers.find("Cache-Control"), "no-store");
    return "status " + std::to_string(admission.refusal->status);
  }
  // The secret of a public key for https://shop.example.com.
  std::string public_key() {
    return secret_of(R"({"name": "site", "scopes": ["events.track"], "write_only": true,
                         "origins": ["https://shop.example.com"]})");
  }
  net::Response tell(const std::string& key, std::string_view origin) {
    net::Request request = asking("/api/v1/t/batch?write_key=" + key);
    request.remote = "203.0.113.9";
    request.headers.set("Origin", origin);
    request.body = R"({"batch": []})";
    return app_->handle(request);
  }
  std::string with(const std::string& name, const std::string& value) {
    net::Request request = asking("/api/v1/events");
    request.headers.set(name, value);
    return admitted(request);
  }

  // One event posted with this key, as the HTTP server asks the first time.
  net::Request post(const std::string& key, std::string body) {
    net::Request request = asking("/api/v1/events");
    request.takes_later = true;
    request.remote = "203.0.113.9";
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Accept-Language", "en");
    request.headers.set("Authorization", key);
    request.body = std::move(body);
    return request;
  }
  // "later", the status, or "" where handle() is to be asked.
  std::string at_once(const net::Request& request) {
    auto answer = app_->handle_at_once(request);
    if (!answer) return "";
    EXPECT_EQ(answer->headers.find("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer->headers.find("Cache-Control"), "no-store");
    if (answer->later == nullptr) return std::to_string(answer->status);
    std::promise<int> status;
    answer->later->on_answer([&](const net::Response& given) { status.set_value(given.status); });
    return "later " + std::to_string(status.get_future().get());
  }
  // A key that is known and whose use is noted.
  std::string known_key(const std::string& scope) {
    const std::string key = key_with(scope);
    app_->handle(post(key, ""));  // notes its use
    app_->handle(post(key, ""));
    return key;
  }

  StandingClock standing_;
};
INSTANTIATE_TEST_SUITE_P(Both, AppTest, store::kBothDatabases, store::dialect_name);

TEST_P(AppTest, StrangersMaySendNoLargeBodies) {
  const std::string made_up = "Bearer siyu_1a2b3c4d_" + std::string(43, 'x');
  const std::string events = std::to_string(api::kEventsBodyBytesMax);
  EXPECT_EQ(with("Accept", "*/*"), "status 401");
  EXPECT_EQ(with("Authorization", "Bearer x"), "status 401");
  EXPECT_EQ(with("Authorization", made_up), "status 401") << "well-formed is not known";
  EXPECT_EQ(with("Cookie", "siyu_session=" + std::string(43, 'x')), "status 401");
  const std::string writer = key_with("events.write");
  EXPECT_EQ(with("Authorization", writer), events);
  EXPECT_EQ(with("Authorization", writer.substr(0, writer.size() - 1) + "-"), "status 401");
  EXPECT_EQ(with("Authorization", key_with("customers.read")), "status 403");
}

TEST_P(AppTest, WhatIsOpenToEverybodyTakesNoLargeBodies) {
  const std::string strangers = std::to_string(api::kStrangersBodyBytesMax);
  EXPECT_EQ(admitted(asking("/api/v1/session")), strangers);
  EXPECT_EQ(admitted(asking("/api/v1/no-such-thing")), strangers);
  EXPECT_EQ(admitted(asking("/assets/index.js")), strangers);
}

TEST_P(AppTest, TheCommandLineKeepsItsLimits) {
  net::Request request = asking("/api/v1/events");
  request.local = true;
  EXPECT_EQ(admitted(request), std::to_string(api::kEventsBodyBytesMax));
}

TEST_P(AppTest, PostsThatCollectAreAnsweredEachForItself) {
  constexpr int kPosts = 60;
  const std::string writer = key_with("events.write");
  net::Request request = asking("/api/v1/events");
  request.takes_later = true;
  request.headers.set("Authorization", writer);
  request.headers.set("Content-Type", "application/json");
  std::vector<std::promise<net::Response>> given(kPosts);
  for (int i = 0; i < kPosts; ++i) {
    // Every tenth names nobody, which is found out in the unit; every tenth repeats the one before.
    const std::string name = i % 10 == 3 ? "c_77" : "person-" + std::to_string(i % 7);
    const std::string key = std::to_string(i % 10 == 5 ? i - 1 : i);
    request.body = R"({"events": [{"customer": ")" + name + R"(", "event": "seen", "key": ")" +
                   key + R"("}]})";
    const net::Response first = app_->handle(request);
    EXPECT_EQ(first.headers.find("X-Content-Type-Options"), "nosniff");
    if (first.later == nullptr) {  // PostgreSQL writes each by itself
      given[i].set_value(first);
      continue;
    }
    first.later->on_answer([&, i](net::Response answer) { given[i].set_value(std::move(answer)); });
  }
  for (int i = 0; i < kPosts; ++i) {
    const net::Response answer = given[i].get_future().get();
    if (i % 10 == 3) {
      EXPECT_EQ(answer.status, 404) << answer.body;
      continue;
    }
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto told = boost::json::parse(answer.body);
    EXPECT_EQ(told.at("accepted").as_int64(), i % 10 == 5 ? 0 : 1);
    EXPECT_EQ(told.at("repeated").as_int64(), i % 10 == 5 ? 1 : 0);
    EXPECT_NE(told.at("position").as_string(), "0-0-0");
  }
}

TEST_P(AppTest, PagesOfItsOriginsReadTheAnswersToAPublicKey) {
  const std::string key = public_key();
  const net::Response answer = tell(key, "https://shop.example.com");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.find("Access-Control-Allow-Origin"), "https://shop.example.com");
  EXPECT_EQ(answer.headers.find("Vary"), "Origin");
  EXPECT_FALSE(answer.headers.find("Access-Control-Allow-Credentials"));
  const net::Response other = tell(key, "https://evil.example");
  EXPECT_EQ(other.status, 403);
  EXPECT_FALSE(other.headers.find("Access-Control-Allow-Origin"));
  net::Request asked = asking("/api/v1/customers");
  asked.headers.set("Origin", "https://shop.example.com");
  EXPECT_FALSE(app_->handle(asked).headers.find("Access-Control-Allow-Origin"));
}

TEST_P(AppTest, APublicKeyWaitsWhenItIsUsedTooOften) {
  const std::string key = public_key();
  for (std::int64_t i = 0; i < rights::kPublicCallsAMinuteMax; ++i) {
    ASSERT_EQ(tell(key, "https://shop.example.com").status, 200) << i;
  }
  const net::Response refused = tell(key, "https://shop.example.com");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.find("Retry-After"), "1");
  EXPECT_EQ(refused.headers.find("Access-Control-Allow-Origin"), "https://shop.example.com");
}

TEST_P(AppTest, MetricsCountEachRouteByItsPattern) {
  const std::string key = key_with("system.read");
  net::Request request = asking("/api/v1/customers/13800138000");
  request.method = net::Method::get;
  EXPECT_EQ(app_->handle(request).status, 401);
  request = asking("/metrics");
  request.method = net::Method::get;
  EXPECT_EQ(app_->handle(request).status, 401);
  request.headers.set("Authorization", key);
  const net::Response answer = app_->handle(request);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body,
              ::testing::HasSubstr(R"(siyu_http_requests_total{route="GET /customers/{customer}",)"
                                   R"(status="4xx"} 1)"));
  EXPECT_THAT(answer.body, ::testing::HasSubstr(R"(siyu_reader_lag_events{reader="memory"} 0)"));
  EXPECT_THAT(answer.body, ::testing::HasSubstr("siyu_store_available 1"));
  EXPECT_EQ(answer.body.find("13800138000"), std::string::npos) << "nothing of customers";
  EXPECT_EQ(answer.headers.find("Cache-Control"), "no-store");
}

TEST_P(AppTest, PostsThatAreAnsweredLaterAreCounted) {
  net::Request request = asking("/api/v1/events");
  request.local = true;
  request.takes_later = true;
  request.headers.set("Content-Type", "application/json");
  request.body = R"({"events": [{"customer": "c", "event": "seen"}]})";
  const net::Response first = app_->handle(request);
  if (first.later == nullptr) {  // PostgreSQL writes it by itself
    EXPECT_EQ(first.status, 201);
  } else {
    std::promise<int> status;
    first.later->on_answer([&](const net::Response& answer) { status.set_value(answer.status); });
    EXPECT_EQ(status.get_future().get(), 201);
  }
  net::Request metrics = asking("/metrics");
  metrics.method = net::Method::get;
  metrics.local = true;
  const std::string body = app_->handle(metrics).body;
  EXPECT_THAT(body, ::testing::HasSubstr(
                        R"(siyu_http_requests_total{route="POST /events",status="2xx"} 1)"));
  // It, and what makes its customer.
  EXPECT_THAT(body, ::testing::HasSubstr("siyu_events_appended_total 3"));
}

constexpr const char* kOneEvent = R"({"events": [{"customer": "c", "event": "seen"}]})";

TEST_P(AppTest, ASmallPostOfAKnownKeyIsTakenAtOnce) {
  const std::string key = known_key("events.write");
  const bool gathers = GetParam() == store::Dialect::sqlite;
  EXPECT_EQ(at_once(post(key, kOneEvent)), gathers ? "later 201" : "");
  EXPECT_EQ(at_once(post(key, R"({"events": [], "more": 1})")), gathers ? "422" : "");
  const std::string before_time = R"({"events": [{"customer": "c", "event": "seen", "time": )";
  EXPECT_EQ(at_once(post(key, before_time + "1767225600000}]}")), gathers ? "later 201" : "");
  EXPECT_EQ(at_once(post(key, before_time + R"("2026-01-01T08:00:00+08:00"}]})")),
            gathers ? "later 201" : "");
  EXPECT_EQ(at_once(post(key, before_time + R"("2026-01-01T08:00:00"}]})")), "")
      << "the zone is in the settings";
}

TEST_P(AppTest, WhatMayBlockIsNotAnsweredAtOnce) {
  EXPECT_EQ(at_once(post(key_with("events.write"), kOneEvent)), "") << "never used: to be read";
  const std::string key = known_key("events.write");
  const std::string one = R"({"customer": "c", "event": "seen"})";
  std::string many = one;
  for (std::size_t i = 0; i < 100; ++i) many += "," + one;
  EXPECT_EQ(at_once(post(key, R"({"events": [)" + many + "]}")), "");
  EXPECT_EQ(at_once(post(key, R"({"events": [)" + one + R"(], "key": "k"})")), "");
  net::Request other = post(key, kOneEvent);
  EXPECT_TRUE(net::set_target(other, "/api/v1/tags"));
  EXPECT_EQ(at_once(other), "");
  EXPECT_TRUE(net::set_target(other, "/healthz"));
  EXPECT_EQ(at_once(other), "");
  net::Request local = post(key, kOneEvent);
  local.local = true;
  EXPECT_EQ(at_once(local), "") << "whoever may open the folder is nobody's key";
  net::Request patient = post(key, kOneEvent);
  patient.takes_later = false;
  EXPECT_EQ(at_once(patient), "");
  EXPECT_EQ(at_once(post("", kOneEvent)), "");
}

TEST_P(AppTest, AtOnceAsEverAKeyMayWhatItsScopesSay) {
  EXPECT_EQ(at_once(post(known_key("events.read"), kOneEvent)), "403");
  const std::string key = public_key();
  for (int i = 0; i < 2; ++i) tell(key, "https://shop.example.com");
  EXPECT_EQ(at_once(post("Bearer " + key, kOneEvent)), "403") << "a public key opens trackers only";
}

TEST(AppRefusals, CarryTheHeadersOfAllAnswers) {
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
