#include "customer/consent.h"

#include "customer/customer_fixture.h"

namespace customer {
namespace {

class ConsentTest : public CustomerTest {
 protected:
  std::string say(base::CustomerId customer, const ConsentChange& change) {
    const auto done =
        write([&](Writing& writing) { return change_consent(writing, customer, change); });
    if (!done) return std::string(code_of(done.error().fault));
    return *done ? "changed" : "same";
  }
  // "marketing:given marketing/sms:withdrawn"
  std::string stands(base::CustomerId person) {
    return database().read([&](store::Session& session) {
      std::string text;
      for (const Consent& each : consents_of(session, person)) {
        text += (text.empty() ? "" : " ") + each.purpose;
        if (!each.channel.empty()) text += "/" + each.channel;
        text += each.given ? ":given" : ":withdrawn";
      }
      return text;
    });
  }
  std::vector<std::int64_t> keys(std::string_view purpose,
                                 std::optional<std::string_view> channel) {
    return database().read(
        [&](store::Session& session) { return consent_keys(session, purpose, channel); });
  }
};

TEST_P(ConsentTest, IsGivenWithItsProofAndWithdrawn) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(say(one, {.purpose = "marketing",
                      .channel = "sms",
                      .given = true,
                      .how = "form",
                      .wording = "我同意",
                      .proof = "form-17",
                      .since = at(-5)}),
            "changed");
  const auto consents =
      database().read([&](store::Session& session) { return consents_of(session, one); });
  ASSERT_EQ(consents.size(), 1U);
  EXPECT_EQ(consents[0].how, "form");
  EXPECT_EQ(consents[0].wording, "我同意");
  EXPECT_EQ(consents[0].proof, "form-17");
  EXPECT_EQ(consents[0].since, at(-5));
  EXPECT_EQ(consents[0].by, "user:7");
  EXPECT_EQ(say(one, {.purpose = "marketing", .channel = "sms", .given = false, .since = at(-1)}),
            "changed");
  EXPECT_EQ(stands(one), "marketing/sms:withdrawn");
  EXPECT_EQ(events_of(one).back(), "consent_withdrawn");
}

TEST_P(ConsentTest, ANewProofIsAChangeAndTheSameIsNone) {
  const base::CustomerId one = known_as("k-1");
  const ConsentChange given{.purpose = "marketing", .given = true, .proof = "1", .since = at(-5)};
  EXPECT_EQ(say(one, given), "changed");
  EXPECT_EQ(say(one, given), "same");
  ConsentChange again = given;
  again.proof = "2";
  EXPECT_EQ(say(one, again), "changed");
  EXPECT_EQ(events_of(one).size(), 4U);
}

TEST_P(ConsentTest, ALateWithdrawalDoesNotUndoALaterConsent) {
  const base::CustomerId one = known_as("k-1");
  ASSERT_EQ(say(one, {.purpose = "marketing", .given = true, .since = at(-1)}), "changed");
  EXPECT_EQ(say(one, {.purpose = "marketing", .given = false, .since = at(-2)}), "same");
  EXPECT_EQ(stands(one), "marketing:given");
}

TEST_P(ConsentTest, AWithdrawalWithoutChannelIsMeantForAll) {
  const base::CustomerId one = known_as("k-1");
  for (const std::string_view channel : {"sms", "wecom", ""}) {
    ASSERT_EQ(say(one, {.purpose = "marketing", .channel = channel, .since = at(-5)}), "changed");
  }
  ASSERT_EQ(say(one, {.purpose = "research", .channel = "sms", .since = at(-5)}), "changed");
  EXPECT_EQ(say(one, {.purpose = "marketing", .given = false, .since = at(-1)}), "changed");
  EXPECT_EQ(stands(one),
            "marketing:withdrawn marketing/sms:withdrawn marketing/wecom:withdrawn "
            "research/sms:given");
}

TEST_P(ConsentTest, WithdrawingWhatWasNeverGivenIsRecorded) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(say(one, {.purpose = "marketing", .given = false, .since = at(-1)}), "changed");
  EXPECT_EQ(stands(one), "marketing:withdrawn");
}

TEST_P(ConsentTest, KeysAreThoseOfThePurposeOnAnyChannel) {
  EXPECT_TRUE(keys("marketing", {}).empty());
  const base::CustomerId one = known_as("k-1");
  ASSERT_EQ(say(one, {.purpose = "marketing", .channel = "sms"}), "changed");
  ASSERT_EQ(say(one, {.purpose = "research", .channel = "wecom"}), "changed");
  ASSERT_EQ(keys("marketing", {}).size(), 3U);  // none named, sms, wecom
  const auto on_sms = keys("marketing", "sms");
  ASSERT_EQ(on_sms.size(), 1U);
  EXPECT_EQ(purpose_of(on_sms[0]), purpose_of(keys("marketing", {})[0]));
  EXPECT_EQ(consent_key(purpose_of(on_sms[0]), channel_of(on_sms[0])), on_sms[0]);
  EXPECT_TRUE(keys("marketing", "post").empty());
}

TEST_P(ConsentTest, LimitsAreTold) {
  const base::CustomerId one = known_as("k-1");
  const std::string longest(kProofBytesMax, 'x');
  EXPECT_EQ(say(one, {.purpose = "", .channel = "sms"}), "customer.name_invalid");
  EXPECT_EQ(say(one, {.purpose = "a/b"}), "customer.name_invalid");
  EXPECT_EQ(say(one, {.purpose = "marketing", .proof = longest + "x"}), "customer.text_too_long");
  EXPECT_EQ(
      say(one, {.purpose = "marketing", .how = longest, .wording = longest, .proof = longest}),
      "changed");
  EXPECT_EQ(say(fresh(), {.purpose = "marketing"}), "customer.unknown_customer");
}

TEST_P(ConsentTest, SixteenThreadsLeaveTheLatestWord) {
  const base::CustomerId one = known_as("k-1");
  together([&](std::size_t thread) {
    const base::Duration earlier{static_cast<std::int64_t>(thread) * base::kHour.ms};
    const bool last = thread == 0;
    say(one, {.purpose = "marketing", .channel = "sms", .given = !last, .since = kNow - earlier});
  });
  EXPECT_EQ(stands(one), "marketing/sms:withdrawn");
  EXPECT_EQ(events_of(one).size(), 2U + kTestThreads);
}

INSTANTIATE_TEST_SUITE_P(Both, ConsentTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
