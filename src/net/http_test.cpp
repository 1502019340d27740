#include "net/http.h"

#include <gtest/gtest.h>

#include <random>

namespace net {
namespace {

// "a=1&b=2" of the pairs, or "refused".
std::string query_of(std::string_view text) {
  const auto pairs = parse_query(text);
  if (!pairs) return "refused";
  std::string out;
  for (const QueryPair& pair : *pairs) out += "[" + pair.name + "|" + pair.value + "]";
  return out;
}

// "path [segment] …" of a target, or "refused".
std::string target_of(std::string_view text) {
  Request request;
  if (!set_target(request, text)) return "refused";
  EXPECT_EQ(request.target, text);
  std::string out = request.path;
  for (const std::string& segment : request.segments) out += " [" + segment + "]";
  for (const QueryPair& pair : request.query) out += " " + pair.name + "=" + pair.value;
  return out;
}

TEST(Percent, Decodes) {
  EXPECT_EQ(percent_decode("%E6%9D%8E+x"), "李+x");
  EXPECT_EQ(percent_decode("%e6%9d%8e"), "李");
  EXPECT_EQ(percent_decode(""), "");
  for (const std::string_view bad :
       {"%", "%4", "%4g", "%g4", "a%", "%00", "%FF", "%E6%9D", "%C0%AF", "%ED%A0%80"}) {
    EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(percent_decode(std::string_view("a\0b", 3)), std::nullopt);
}

TEST(Percent, EncodesSoThatDecodingGivesItBack) {
  EXPECT_EQ(percent_encode("a b/李~"), "a%20b%2F%E6%9D%8E~");
  std::mt19937 random(1);
  const std::u32string alphabet = U"aZ09 %+&=;/?#\"\\\x01\x7f\u00e9李\U0001F600";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t i = random() % 12; i > 0; --i) {
      const char32_t c = alphabet[random() % alphabet.size()];
      if (c < 0x80) {
        text += static_cast<char>(c);
      } else if (c < 0x800) {
        text += {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
      } else if (c < 0x10000) {
        text += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 63)),
                 static_cast<char>(0x80 | (c & 63))};
      } else {
        text += {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 63)),
                 static_cast<char>(0x80 | ((c >> 6) & 63)), static_cast<char>(0x80 | (c & 63))};
      }
    }
    const std::string encoded = percent_encode(text);
    EXPECT_EQ(encoded.find_first_of(" /?#&=+"), std::string::npos);
    EXPECT_EQ(percent_decode(encoded), text);
    const std::vector<QueryPair> pairs = {{text, "x"}, {"y", text}};
    EXPECT_EQ(query_of(write_query(pairs)), "[" + text + "|x][y|" + text + "]");
  }
}

TEST(Percent, AnyBytesAreDecodedOrRefused) {
  std::mt19937 random(2);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(random() % 10, '\0');
    for (char& byte : bytes) {
      constexpr std::string_view kLikely = "%%%0aF&=+;,\" ";
      byte = random() % 3 == 0 ? static_cast<char>(random() % 256)
                               : kLikely[random() % kLikely.size()];
    }
    const auto decoded = percent_decode(bytes);
    if (decoded) {
      EXPECT_EQ(percent_decode(percent_encode(*decoded)), *decoded);
    }
    if (const auto pairs = parse_query(bytes)) {
      const auto again = parse_query(write_query(*pairs));
      ASSERT_TRUE(again.has_value());
      std::size_t kept = 0;
      for (const QueryPair& pair : *pairs) {
        if (pair.name.empty() && pair.value.empty()) ++kept;  // written "=", read back as it was
      }
      EXPECT_EQ(again->size(), pairs->size()) << kept;
    }
    Request request;
    static_cast<void>(set_target(request, "/" + bytes));
    request.headers.add("Cookie", bytes);
    static_cast<void>(cookie_of(request.headers, "a"));
  }
}

TEST(Query, Parses) {
  EXPECT_EQ(query_of("a=1&b=x+y&c&=d&e==f"), "[a|1][b|x y][c|][|d][e|=f]");
  EXPECT_EQ(query_of("&&a=%26%3D&"), "[a|&=]");
  EXPECT_EQ(query_of(""), "");
  EXPECT_EQ(query_of("a=%"), "refused");
  EXPECT_EQ(query_of("%00=1"), "refused");
  std::string most = "a";
  for (std::size_t i = 1; i < kQueryPairsMax; ++i) most += "&a";
  EXPECT_NE(query_of(most), "refused");
  EXPECT_EQ(query_of(most + "&a"), "refused");
}

TEST(Target, Splits) {
  EXPECT_EQ(target_of("/"), "/");
  EXPECT_EQ(target_of("/api/v1?q=1"), "/api/v1 [api] [v1] q=1");
  EXPECT_EQ(target_of("/a%2Fb/%E6%9D%8E"), "/a%2Fb/%E6%9D%8E [a/b] [李]");
  EXPECT_EQ(target_of("/a/"), "/a/ [a] []");
  EXPECT_EQ(target_of("//a"), "//a [] [a]");
  EXPECT_EQ(target_of("http://host:80/a?b"), "/a [a] b=");
  EXPECT_EQ(target_of("http://host"), "/");
  EXPECT_EQ(target_of("*"), "*");
  for (const std::string_view bad :
       {"", "a", "host:80", "/a b", "/a\tb", "/a#b", "/../a", "/a/%2e%2E", "/./a", "/%00", "/%FF",
        "/a?%", "*?a", "http://", "http:///a", "http://host?a", "ftp://host/a"}) {
    EXPECT_EQ(target_of(bad), "refused") << bad;
  }
  std::string deep;
  for (std::size_t i = 0; i < kPathSegmentsMax; ++i) deep += "/a";
  EXPECT_NE(target_of(deep), "refused");
  EXPECT_EQ(target_of(deep + "/a"), "refused");
}

TEST(Headers, AreFoundWithoutCase) {
  Headers headers;
  headers.add("X-One", "1");
  headers.add("x-one", "2");
  EXPECT_EQ(headers.find("X-ONE"), "1");
  headers.set("x-ONE", "3");
  EXPECT_EQ(headers.find("x-one"), "3");
  EXPECT_EQ(headers.fields().size(), 1u);
  EXPECT_EQ(headers.find("x-on"), std::nullopt);
}

TEST(Cookies, AreFound) {
  Headers headers;
  headers.add("Cookie", "a=1; b=\"2\" ;c=3=4;; d; a=9");
  headers.add("cookie", "e=5");
  EXPECT_EQ(cookie_of(headers, "a"), "1");
  EXPECT_EQ(cookie_of(headers, "b"), "2");
  EXPECT_EQ(cookie_of(headers, "c"), "3=4");
  EXPECT_EQ(cookie_of(headers, "d"), std::nullopt);
  EXPECT_EQ(cookie_of(headers, "e"), "5");
  EXPECT_EQ(cookie_of(headers, "A"), std::nullopt);
}

TEST(Cookies, AreWritten) {
  EXPECT_EQ(set_cookie({.name = "s", .value = "x_Y-1"}), "s=x_Y-1; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_EQ(
      set_cookie({.name = "s", .value = "", .path = "/a", .max_age_seconds = 0, .secure = true}),
      "s=; Path=/a; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
  EXPECT_DEATH(set_cookie({.name = "s", .value = "a;b"}), "does not hold");
}

TEST(HttpDate, IsWritten) {
  EXPECT_EQ(http_date(base::Moment{0}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(base::Moment{-1}), "Wed, 31 Dec 1969 23:59:59 GMT");
  EXPECT_EQ(http_date(base::Moment{784'111'777'999}), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(ClientAddress, IsWhatTheLastTrustedProxySaw) {
  const std::vector<std::string> trusted = {"127.0.0.1", "10.0.0.1"};
  const auto address = [&](const std::string& remote, const std::string& forwarded) {
    Request request;
    request.remote = remote;
    if (!forwarded.empty()) request.headers.add("X-Forwarded-For", forwarded);
    return client_address(request, trusted);
  };
  EXPECT_EQ(address("203.0.113.9", ""), "203.0.113.9");
  EXPECT_EQ(address("203.0.113.9", "1.1.1.1"), "203.0.113.9");
  EXPECT_EQ(address("127.0.0.1", "1.1.1.1, 203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(address("127.0.0.1", "1.1.1.1 ,203.0.113.9 , 10.0.0.1"), "203.0.113.9");
  EXPECT_EQ(address("127.0.0.1", ""), "127.0.0.1");
  EXPECT_EQ(address("127.0.0.1", ","), "127.0.0.1");
  EXPECT_EQ(address("127.0.0.1", "10.0.0.1"), "127.0.0.1");
  Request request;
  request.remote = "127.0.0.1";
  request.headers.add("X-Forwarded-For", "1.1.1.1");
  request.headers.add("x-forwarded-for", "203.0.113.9");
  EXPECT_EQ(client_address(request, trusted), "203.0.113.9");
}

TEST(HostPort, Parses) {
  const auto text = [](std::string_view from) {
    const auto parsed = host_port_from(from);
    return parsed ? parsed->host + "|" + std::to_string(parsed->port) : "refused";
  };
  EXPECT_EQ(text("127.0.0.1:8080"), "127.0.0.1|8080");
  EXPECT_EQ(text("[::1]:0"), "::1|0");
  EXPECT_EQ(text(":65535"), "|65535");
  for (const std::string_view bad :
       {"", "8080", "a:", "a:65536", "a:-1", "::1:80", "[]:1", "a:1x"}) {
    EXPECT_EQ(text(bad), "refused") << bad;
  }
}

TEST(Refusal, HasStatusAndCode) {
  const std::vector<int> statuses = {400, 408, 413, 431, 500, 501, 503};
  ASSERT_EQ(statuses.size(), kRefusalCount);
  for (std::size_t i = 0; i < kRefusalCount; ++i) {
    const auto refusal = static_cast<Refusal>(i);
    const Response response = response_of(refusal);
    EXPECT_EQ(response.status, statuses[i]);
    EXPECT_NE(reason_of(response.status), "");
    EXPECT_NE(response.body.find("\"code\":\"" + std::string(code_of(refusal)) + "\""),
              std::string::npos);
    EXPECT_EQ(response.headers.find("Retry-After").has_value(), refusal == Refusal::too_busy);
  }
}

TEST(Method, HasOneName) {
  EXPECT_EQ(method_named("DELETE"), Method::del);
  EXPECT_EQ(method_named("delete"), Method::other);
  EXPECT_EQ(name_of(Method::patch), "PATCH");
}

}  // namespace
}  // namespace net
