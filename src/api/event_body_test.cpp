#include "api/event_body.h"

#include <gtest/gtest.h>

#include <random>

#include "api/problem.h"
#include "log/log.h"

namespace api {
namespace {

constexpr base::Moment kNow{1'760'000'000'000};
constexpr std::size_t kBytesMax = 64 * 1024;

class EventBodyTest : public testing::Test {
 protected:
  EventBodyMeans means(std::string_view text) {
    return {.text = text,
            .bytes_max = kBytesMax,
            .types = types_,
            .now = kNow,
            .sender = "key 7",
            .zone = [this]() -> const base::Zone& { return zone_; },
            .check =
                [](const EventOrigin& origin) {
                  if (origin.mode == "odd") throw Refusal("api.bad_mode", {{"path", "/mode"}});
                }};
  }

  // Whether the body is plain; then both ways must make the same.
  bool is_plain(const std::string& text) {
    std::optional<EventBody> plain;
    std::string plain_refusal;
    try {
      plain = read_plain_event_body(means(text));
    } catch (const Refusal& refusal) {
      plain_refusal = refusal.code();
    }
    if (!plain && plain_refusal.empty()) return false;
    try {
      const EventBody tree = read_event_body_as_tree(means(text));
      EXPECT_TRUE(plain.has_value()) << text;
      if (plain) expect_same(*plain, tree, text);
    } catch (const Refusal& refusal) {
      EXPECT_EQ(plain_refusal, refusal.code()) << text;
    }
    return true;
  }

  static void expect_same(const EventBody& plain, const EventBody& tree, const std::string& text) {
    EXPECT_EQ(plain.origin.source, tree.origin.source) << text;
    EXPECT_EQ(plain.origin.mode, tree.origin.mode) << text;
    EXPECT_EQ(plain.origin.key, tree.origin.key) << text;
    EXPECT_TRUE(plain.events == tree.events) << text;
    EXPECT_EQ(plain.customers, tree.customers) << text;
    EXPECT_EQ(plain.who, tree.who) << text;
  }

  event_log::EventTypes types_{
      1, {{{1}, "paid", false, false, {{{5}, "amount", base::ValueType::money}}}}};
  base::Zone zone_ = *base::Zone::named("Asia/Shanghai");
};

TEST_F(EventBodyTest, WhatIsUsualIsPlain) {
  const std::string text = R"({"events": [
    {"customer": "ann", "event": "paid", "time": 1760000000000,
     "properties": {"amount": "12.50", "channel": "\u5c0f\u7a0b\u5e8f"}, "key": "a-1"},
    {"event": "paid", "customer": "bob", "time": "2026-01-31T08:00:00"},
    {"customer": "ann", "event": "visit", "time": null, "properties": null, "key": null}],
    "source": "shop", "mode": "history", "key": "day"})";
  ASSERT_TRUE(is_plain(text));
  const EventBody body = read_event_body(means(text));
  EXPECT_EQ(body.customers, (std::vector<std::string>{"ann", "bob"}));
  EXPECT_EQ(body.who, (std::vector<std::uint32_t>{0, 1, 0}));
  ASSERT_EQ(body.events.events.size(), 3U);
  EXPECT_EQ(body.events.events[0].properties, R"({"amount":"12.50","channel":"小程序"})");
  EXPECT_EQ(body.events.events[0].key, event_log::hash_of("key 7/a-1"));
  EXPECT_EQ(body.events.events[1].time.ms, 1769817600000);
  EXPECT_EQ(body.events.events[2].time, kNow);
  EXPECT_EQ(body.origin.key, "day");
}

TEST_F(EventBodyTest, TheRestIsReadAsATree) {
  const std::string event = R"({"customer":"a","event":"paid"})";
  EXPECT_TRUE(is_plain(R"({"events":[)" + event + "]}"));
  for (const std::string text :
       {R"({"events":[]})", R"({})", R"([])", R"({"events":[{"customer":"a"}]})",
        R"({"events":[{"event":"paid"}]})", R"({"events":[{"customer":"a","event":"paid","x":1}]})",
        R"({"events":[{"customer":5,"event":"paid"}]})",
        R"({"events":[{"customer":"a","customer":"a","event":"paid"}]})",
        R"({"events":[{"customer":"a","event":"paid","time":null,"time":5}]})",
        R"({"events":[{"customer":"a","event":"paid","properties":{},"properties":{}}]})",
        R"({"events":[{"customer":"a","event":"paid","time":1.5}]})",
        R"({"events":[{"customer":"a","event":"paid","time":"--05-17"}]})",
        R"({"events":[{"customer":"a","event":"paid","time":"2026-13-01"}]})",
        R"({"events":[{"customer":"a","event":"paid","key":""}]})",
        R"({"events":[{"customer":"a","event":"tag_added","properties":{"ref":null}}]})",
        R"({"events":[{"customer":"a","event":"paid","properties":{"list":["a"]}}]})"}) {
    EXPECT_FALSE(is_plain(text)) << text;
  }
  EXPECT_FALSE(is_plain(R"({"events":[)" + event + R"(],"events":[)" + event + "]}"));
  EXPECT_FALSE(is_plain(R"({"events":[)" + event + R"(],"mode":"live","mode":"live"})"));
  EXPECT_FALSE(is_plain(R"({"events":[)" + event + R"(],"more":1})"));
  EXPECT_FALSE(is_plain(R"({"events":[)" + event + "]} 1"));
  EXPECT_FALSE(is_plain(R"({"events":[)" + event + "],\"source\":\"\xff\"}"));
  EXPECT_FALSE(is_plain(R"({"events":[)" + event + "]}" + std::string(kBytesMax, ' ')));
  std::string many = R"({"events":[)" + event;
  for (std::size_t i = 1; i < event_log::kAppendEventsMax + 1; ++i) many += R"(,{)";
  EXPECT_FALSE(is_plain(many));
}

TEST_F(EventBodyTest, ABadOriginIsRefusedBothWays) {
  EXPECT_TRUE(is_plain(R"({"mode":"odd","events":[{"customer":"a","event":"paid"}]})"));
  // Before what is wrong with an event, as a tree.
  const std::string text = R"({"mode":"odd","events":[{"customer":"a","event":""}]})";
  EXPECT_FALSE(is_plain(text));
  try {
    read_event_body(means(text));
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code(), "api.bad_mode");
  }
}

// A body of which some bytes are changed: whatever is still read plainly is what the tree reads.
TEST_F(EventBodyTest, BothWaysReadDamagedBodiesAlike) {
  const std::string whole =
      R"({"key":"k","events":[{"customer":"a\n","event":"paid","time":1760000000000,)"
      R"("properties":{"x":"\u00e9","amount":12.50,"b":true,"ref":null},"key":"1"},)"
      R"({"event":"visit","customer":"b","time":"2026-01-31 08:00","properties":{}}],)"
      R"("mode":"odd","source":"shop"})";
  std::mt19937 random(9);
  int plain = 0;
  for (int i = 0; i < 30'000; ++i) {
    std::string text = whole;
    for (std::size_t changes = random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = "\"\\{}[],:01.-eu \n"[random() % 16];
          break;
        case 1:
          text[at] = static_cast<char>(random() % 256);
          break;
        case 2:
          text.erase(at, 1 + random() % 8);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 30));
      }
    }
    plain += is_plain(text) ? 1 : 0;
  }
  EXPECT_GT(plain, 8'000);
}

}  // namespace
}  // namespace api
