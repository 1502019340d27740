#include "intake/tracked_message.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace intake {
namespace {

const base::Moment kNow{1'767'225'600'000};  // 2026-01-01T00:00:00Z

base::Result<TrackedMessage, std::string_view> read(
    std::string_view text, std::optional<TrackedKind> kind = std::nullopt,
    std::optional<base::Moment> sent_at = std::nullopt) {
  const boost::json::value given = boost::json::parse(text);
  return read_tracked(given.get_object(), kind, {kNow, sent_at});
}
std::string refusal(std::string_view text) {
  const auto message = read(text);
  return message ? "good" : std::string(message.error());
}
// "event {properties}".
std::string event_of(std::string_view text) {
  const auto message = read(text, TrackedKind::track);
  if (!message) return std::string(message.error());
  return message->event + " " + boost::json::serialize(message->properties);
}

TEST(TrackedMessage, NamesBecomeSnakeCase) {
  EXPECT_EQ(snake_case("Product Viewed"), "product_viewed");
  EXPECT_EQ(snake_case("productViewed"), "product_viewed");
  EXPECT_EQ(snake_case("SKU ID"), "sku_id");
  EXPECT_EQ(snake_case("  Size - XL! "), "size_xl");
  EXPECT_EQ(snake_case("already_snake_2"), "already_snake_2");
  EXPECT_EQ(snake_case("查看 商品"), "查看_商品");
  EXPECT_EQ(snake_case("!?"), "");
}

TEST(TrackedMessage, ShopsEventsAreTheStandardOnes) {
  EXPECT_EQ(event_of(R"({"userId":"a","event":"Product Viewed",
                         "properties":{"product_id":7,"name":"茶","price":12.5}})"),
            R"(product_viewed {"price":1.25E1,"sku":"7","product":"茶"})");
  EXPECT_EQ(event_of(R"({"userId":"a","event":"Product Added","properties":{"sku":"A"}})"),
            R"(cart_added {"sku":"A"})");
  EXPECT_EQ(event_of(R"({"userId":"a","event":"Order Completed","properties":{
      "orderId":"o1","revenue":9,"total":"12.50","products":[{"product_id":"A","quantity":2},
      {"sku":"B"},3]}})"),
            R"(order_paid {"order_id":"o1","revenue":9,"amount":"12.50",)"
            R"("sku_list":["A","B"],"items":3})");
  EXPECT_EQ(event_of(R"({"userId":"a","event":"order_completed","properties":{"amount":"1.00",
      "total":2}})"),
            R"(order_paid {"amount":"1.00","total":2})");
  EXPECT_EQ(
      event_of(R"({"userId":"a","event":"Watched Video","properties":{"by":{"firstName":"x"}}})"),
      R"(watched_video {"by_first_name":"x"})");
}

TEST(TrackedMessage, PagesAndPeople) {
  const auto page = read(R"({"type":"page","anonymousId":"d","name":"Home",
                             "properties":{"url":"https://a/","referrer":""}})");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->event, "page_viewed");
  EXPECT_EQ(page->properties.at("page").as_string(), "Home");
  const auto person = read(R"({"type":"identify","userId":12,"anonymousId":"d",
                               "traits":{"address":{"city":"杭州"}}})");
  ASSERT_TRUE(person.has_value());
  EXPECT_EQ(person->user, "12");
  EXPECT_EQ(person->device, "d");
  EXPECT_EQ(person->event, "");
  EXPECT_EQ(person->properties.at("address_city").as_string(), "杭州");
}

TEST(TrackedMessage, AClockThatIsWrongIsCorrected) {
  const std::string text = R"({"type":"page","userId":"a","timestamp":"2030-05-05T10:00:00.000Z"})";
  EXPECT_EQ(read(text)->time, base::Moment{1'904'205'600'000});
  const base::Moment sent{1'904'205'607'000};  // seven seconds later
  EXPECT_EQ(read(text, std::nullopt, sent)->time, kNow - base::Duration{7000});
  const base::Moment before{1'904'205'500'000};  // sent before it happened
  EXPECT_EQ(read(text, std::nullopt, before)->time, kNow);
  EXPECT_EQ(read(R"({"type":"page","userId":"a"})", std::nullopt, sent)->time, kNow);
}

TEST(TrackedMessage, WhatCannotBeTakenIsNamed) {
  EXPECT_EQ(refusal(R"({"type":"page","userId":"a"})"), "good");
  EXPECT_EQ(refusal(R"({"type":"alias","userId":"a"})"), "intake.unknown_message");
  EXPECT_EQ(refusal(R"({"userId":"a"})"), "intake.unknown_message");
  EXPECT_EQ(refusal(R"({"type":"page"})"), "intake.nobody");
  EXPECT_EQ(refusal(R"({"type":"page","userId":null,"anonymousId":""})"), "intake.nobody");
  EXPECT_EQ(refusal(R"({"type":"track","userId":"a"})"), "intake.bad_message");
  EXPECT_EQ(refusal(R"({"type":"track","userId":"a","event":"!"})"), "intake.bad_message");
  EXPECT_EQ(refusal(R"({"type":"page","userId":{}})"), "intake.bad_message");
  EXPECT_EQ(refusal(R"({"type":"page","userId":"a","properties":[]})"), "intake.bad_message");
  EXPECT_EQ(refusal(R"({"type":"page","userId":")" + std::string(121, 'x') + R"("})"),
            "intake.bad_message");
  EXPECT_EQ(refusal(R"({"type":"page","userId":"a","timestamp":"yesterday"})"), "intake.bad_time");
}

}  // namespace
}  // namespace intake
