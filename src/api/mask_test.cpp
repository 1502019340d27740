#include "api/mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace api {
namespace {

namespace json = boost::json;

const PersonalFields kPersonal = {.attributes = {"birthday", "address"},
                                  .properties = {{"parcel_sent", {"street", "weight", "to"}}}};
const FieldMask kMasked({.phone = true, .name = true, .personal = true}, kPersonal);
const FieldMask kOpen({}, kPersonal);

std::string masked(const char* properties, const char* event = "order_paid") {
  return json::serialize(kMasked.properties(event, json::parse(properties).as_object()));
}

TEST(MaskTest, AShownPhoneKeepsThreeAndFourDigits) {
  EXPECT_EQ(masked_phone("13800000001"), "138****0001");
  EXPECT_EQ(masked_phone("+86 138-0000-0001"), "138****0001");
  EXPECT_EQ(masked_phone("+442071838750"), "+44****8750");
  EXPECT_EQ(masked_phone("1234567"), "****");
  EXPECT_EQ(masked_phone("call me"), "****");
  EXPECT_EQ(masked_phone(""), "****");
}

TEST(MaskTest, ANameKeepsItsFirstCharacter) {
  EXPECT_EQ(masked_name("李小明"), "李*");
  EXPECT_EQ(masked_name("李"), "李*");
  EXPECT_EQ(masked_name("John"), "J*");
  EXPECT_EQ(masked_name(""), "");
}

TEST(MaskTest, KeysAreMaskedWhenTheyArePhones) {
  EXPECT_EQ(kMasked.key("13800000001"), "138****0001");
  EXPECT_EQ(kMasked.key("+8613800000001"), "138****0001");
  EXPECT_EQ(kMasked.key("M-1001"), "M-1001");
  EXPECT_EQ(kMasked.key("4711"), "4711");
  EXPECT_EQ(kOpen.key("13800000001"), "13800000001");
}

TEST(MaskTest, IdentitiesOfPhonesAreMaskedWhateverTheyLookLike) {
  EXPECT_EQ(kMasked.identity("phone", "0571-88888888"), "057****8888");
  EXPECT_EQ(kMasked.identity("openid", "oABC"), "oABC");
  EXPECT_EQ(kMasked.identity("customer", "13800000001"), "138****0001");
  EXPECT_EQ(kOpen.identity("phone", "13800000001"), "13800000001");
}

TEST(MaskTest, AnIdentityIsMaskedByItsKind) {
  EXPECT_EQ(kMasked.identity("email", "Liu@example.com"), "L****@example.com");
  EXPECT_EQ(kMasked.identity("email", "@example.com"), "****");
  EXPECT_EQ(kMasked.identity("email", "liu"), "****");
  EXPECT_EQ(kMasked.identity("customer", "liu@example.com"), "l****@example.com");
  EXPECT_EQ(kMasked.identity("customer", "李小明"), "李*");
  EXPECT_EQ(kMasked.identity("member_number", "M-13800000001"), "M-138****0001");
  EXPECT_EQ(kMasked.identity("external_userid", "13800000001"), "138****0001");
  for (const char* kind :
       {"customer", "openid", "unionid", "external_userid", "member_number", "device"}) {
    EXPECT_EQ(kMasked.identity(kind, "oAB_c-17"), "oAB_c-17") << kind;
  }
  // Of a kind that a brand has declared nobody knows what is in it.
  EXPECT_EQ(kMasked.identity("id_card", "11010119900307123X"), "****");
  EXPECT_EQ(kMasked.identity("landline", "0571-88888888"), "****");
  EXPECT_EQ(kMasked.identity("work_phone", "13800000001"), "138****0001");
  EXPECT_EQ(kMasked.key("liu@example.com"), "l****@example.com");
  for (const char* kind : {"email", "id_card", "customer"}) {
    EXPECT_EQ(kOpen.identity(kind, "李@example.com"), "李@example.com") << kind;
  }
}

TEST(MaskTest, AnEventOfAnIdentityIsMaskedByItsKind) {
  EXPECT_EQ(masked(R"({"changed":"email","to":"liu@example.com"})", "identity_added"),
            R"({"changed":"email","to":"l****@example.com"})");
  EXPECT_EQ(masked(R"({"changed":"id_card","from":"11010119900307123X"})", "identity_removed"),
            R"({"changed":"id_card","from":"****"})");
  EXPECT_EQ(masked(R"({"changed":"openid","to":"oABC"})", "identity_added"),
            R"({"changed":"openid","to":"oABC"})");
  EXPECT_EQ(masked(R"({"changed":"customer","to":"李小明"})", "identity_added"),
            R"({"changed":"customer","to":"李*"})");
}

TEST(MaskTest, ValuesAreMaskedByTheirNames) {
  EXPECT_EQ(kMasked.value("邮箱", "liu@example.com"), json::value("l****@example.com"));
  EXPECT_EQ(kMasked.value("phone", 13800000001), json::value("138****0001"));
  EXPECT_EQ(kMasked.value("姓名", "李小明"), json::value("李*"));
  EXPECT_EQ(kMasked.value("city", "杭州"), json::value("杭州"));
  EXPECT_TRUE(kMasked.value("phone", nullptr).is_null());
  EXPECT_EQ(kOpen.value("name", "李小明"), json::value("李小明"));
}

TEST(MaskTest, PhonesAreMaskedUnderAnyName) {
  EXPECT_EQ(kMasked.value("receiver", "13800000001"), json::value("138****0001"));
  EXPECT_EQ(kMasked.value("receiver", "+86 138 0000 0001"), json::value("138****0001"));
  EXPECT_EQ(kMasked.value("remark", "找张三13800000001，或 19912345678"),
            json::value("找张三138****0001，或 199****5678"));
  EXPECT_EQ(kMasked.value("order_id", "138000000012"), json::value("138000000012"));
  EXPECT_EQ(kMasked.value("order_id", "12800000001 E11"), json::value("12800000001 E11"));
  EXPECT_EQ(json::serialize(kMasked.value("others", json::parse(R"(["13800000001","茶"])"))),
            R"(["138****0001","茶"])");
  EXPECT_EQ(FieldMask({.name = true}, {}).value("receiver", "13800000001"),
            json::value("13800000001"));
  EXPECT_EQ(masked(R"({"receiver":"13800000001"})"), R"({"receiver":"138****0001"})");
}

TEST(MaskTest, PhonesThatAreNumbersAreMasked) {
  EXPECT_EQ(kMasked.value("备用手机", 13800000001), json::value("138****0001"));
  EXPECT_EQ(kMasked.value("member_no", 12800000001), json::value(12800000001));
  EXPECT_EQ(kMasked.value("member_no", 138000000012), json::value(138000000012));
  EXPECT_EQ(kMasked.value("member_no", -13800000001), json::value(-13800000001));
  EXPECT_EQ(FieldMask({.name = true}, {}).value("spare", 13800000001), json::value(13800000001));
  EXPECT_EQ(masked(R"({"contact":13800000001})"), R"({"contact":"138****0001"})");
  EXPECT_EQ(masked(R"({"changed":"spare","to":13800000001})"),
            R"({"changed":"spare","to":"138****0001"})");
  // A number by which the vocabulary counts is no phone, a text of that name may hold one.
  EXPECT_EQ(kMasked.value("amount", 13800000001), json::value(13800000001));
  EXPECT_EQ(kMasked.value("amount", "13800000001"), json::value("138****0001"));
}

TEST(MaskTest, NothingIsShownOfWhatIsPersonal) {
  EXPECT_EQ(kMasked.value("address", "杭州梧桐路7号"), json::value("****"));
  EXPECT_EQ(kMasked.value("address", 7), json::value("****"));
  EXPECT_EQ(json::serialize(kMasked.value("address", json::array{"杭州", "上海"})), R"("****")");
  EXPECT_TRUE(kMasked.value("address", nullptr).is_null());
  EXPECT_EQ(kOpen.value("address", "杭州"), json::value("杭州"));
  EXPECT_EQ(FieldMask({.phone = true}, kPersonal).value("address", "杭州"), json::value("杭州"));
  // A property is personal of its event alone, and the attribute's change tells the attribute.
  EXPECT_EQ(masked(R"({"street":"梧桐路"})", "parcel_sent"), R"({"street":"****"})");
  EXPECT_EQ(masked(R"({"street":"梧桐路"})", "store_opened"), R"({"street":"梧桐路"})");
  EXPECT_EQ(masked(R"({"address":"梧桐路"})", "parcel_sent"), R"({"address":"梧桐路"})");
  EXPECT_EQ(masked(R"({"changed":"birthday","from":"1990-05-17","to":"--05-17","raw":"x"})"),
            R"({"changed":"birthday","from":"****","to":"****","raw":"****"})");
}

TEST(MaskTest, TellsWhichNamesItHides) {
  EXPECT_TRUE(kOpen.hidden_attributes().empty());
  const FieldMask phone_mask({.phone = true}, kPersonal);
  const auto phones = phone_mask.hidden_attributes();
  const auto names = FieldMask({.name = true}, kPersonal).hidden_attributes();
  EXPECT_EQ(std::ranges::count(phones, "手机号"), 1);
  EXPECT_EQ(std::ranges::count(phones, "name"), 0);
  EXPECT_EQ(std::ranges::count(names, "昵称"), 1);
  const auto all = kMasked.hidden_attributes();
  EXPECT_EQ(all.size(), phones.size() + names.size() + kPersonal.attributes.size());
  EXPECT_EQ(std::ranges::count(all, "birthday"), 1);
  // A property is no attribute of its name.
  EXPECT_EQ(std::ranges::count(all, "street"), 0);
  const auto properties = kMasked.hidden_properties();
  EXPECT_EQ(
      std::ranges::count(properties, std::pair<std::string, std::string>("parcel_sent", "street")),
      1);
  EXPECT_TRUE(phone_mask.hidden_properties().empty());
}

TEST(MaskTest, WhatAnEventTellsOfAChangeIsMaskedToo) {
  EXPECT_EQ(masked(R"({"phone":"13800000001","sku":"tea"})"),
            R"({"phone":"138****0001","sku":"tea"})");
  EXPECT_EQ(masked(R"({"changed":"name","from":"李小明","to":"李大明","ref":3})"),
            R"({"changed":"name","from":"李*","to":"李*","ref":3})");
  EXPECT_EQ(masked(R"({"changed":"phone","to":"13800000001"})"),
            R"({"changed":"phone","to":"138****0001"})");
  EXPECT_EQ(masked(R"({"changed":"customer","to":"13800000001"})"),
            R"({"changed":"customer","to":"138****0001"})");
  EXPECT_EQ(masked(R"({"changed":"city","to":"杭州"})"), R"({"changed":"city","to":"杭州"})");
  // What is personal itself is hidden whatever it tells of.
  EXPECT_EQ(masked(R"({"changed":"city","to":"杭州"})", "parcel_sent"),
            R"({"changed":"city","to":"****"})");
}

TEST(MaskTest, FactsOfAnExplanationAreMaskedThroughAllParts) {
  const auto explained = json::parse(R"({"tree":{"facts":[],"parts":[
      {"parts":[],"facts":[{"kind":"attribute","name":"name","value":"李小明"},
                           {"kind":"event","name":"parcel_sent","properties":
                             {"phone":"13800000001","street":"梧桐路"}},
                           {"kind":"attribute","name":"address","value":"梧桐路"}
                          ]}]}})")
                             .as_object();
  const std::string shown = json::serialize(kMasked.explanation(explained));
  EXPECT_EQ(shown.find("小明"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("13800000001"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("梧桐路"), std::string::npos) << shown;
  EXPECT_NE(shown.find("李*"), std::string::npos) << shown;
  EXPECT_EQ(json::serialize(kOpen.explanation(explained)), json::serialize(explained));
}

// What an explanation shows of one event's properties.
std::string fact_shown(const FieldMask& mask, const char* properties) {
  const json::object fact{{"kind", "event"},
                          {"name", "attribute_changed"},
                          {"properties", json::parse(properties).as_object()}};
  const json::object tree{{"facts", json::array{fact}}, {"parts", json::array()}};
  const json::object shown = mask.explanation({{"tree", tree}});
  return json::serialize(shown.at("tree").at("facts").at(0).at("properties"));
}

TEST(MaskTest, AFactOfAChangeThatDoesNotSayOfWhatShowsNothing) {
  EXPECT_EQ(fact_shown(kMasked, R"({"to":"1987-03-11","from":null,"raw":7,"source":"api"})"),
            R"({"to":"****","from":null,"raw":"****","source":"api"})");
  EXPECT_EQ(fact_shown(kMasked, R"({"changed":null,"value":"李小明"})"),
            R"({"changed":null,"value":"****"})");
  EXPECT_EQ(fact_shown(FieldMask({.name = true}, {}), R"({"to":"李小明"})"), R"({"to":"****"})");
  EXPECT_EQ(fact_shown(kMasked, R"({"changed":"city","to":"杭州"})"),
            R"({"changed":"city","to":"杭州"})");
  EXPECT_EQ(fact_shown(kOpen, R"({"to":"李小明"})"), R"({"to":"李小明"})");
}

std::string measured_shown(const FieldMask& mask, const char* event, const char* property,
                           const char* measured = "61.5") {
  const json::object tree{{"facts", json::array()},
                          {"measured", measured},
                          {"measured_of", json::object{{"event", event}, {"property", property}}},
                          {"parts", json::array()}};
  const json::object whole{{"facts", json::array()}, {"parts", json::array{tree}}};
  const json::object shown = mask.explanation({{"tree", whole}});
  return json::value_to<std::string>(shown.at("tree").at("parts").at(0).at("measured"));
}

TEST(MaskTest, AMeasureOfWhatIsPersonalIsHidden) {
  EXPECT_EQ(measured_shown(kMasked, "parcel_sent", "weight"), "****");
  EXPECT_EQ(measured_shown(kMasked, "parcel_sent", "phone"), "****");
  EXPECT_EQ(measured_shown(kMasked, "attribute_changed", "to"), "****");
  EXPECT_EQ(measured_shown(kMasked, "store_opened", "weight"), "61.5");
  EXPECT_EQ(measured_shown(kOpen, "parcel_sent", "weight"), "61.5");
  EXPECT_EQ(measured_shown(kMasked, "store_opened", "contact", "13800000001"), "138****0001");
  EXPECT_EQ(measured_shown(kMasked, "store_opened", "amount", "13800000001"), "13800000001");
}

}  // namespace
}  // namespace api
