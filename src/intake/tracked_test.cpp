#include "intake/tracked.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "intake/import_fixture.h"

namespace intake {
namespace {

class TrackedTest : public ImportTest {
 protected:
  // A batch as text; what became of it: "2 taken, 1 repeated, 0: intake.nobody".
  std::string take(std::string_view batch, bool is_public = false) {
    TrackedSender sender;
    sender.writing.actor = {.kind = rights::ActorKind::key, .id = is_public ? 2 : 1};
    sender.writing.now = clock_.now();
    sender.writing.source = "tracker";
    sender.key_window = event_log::kKeyWindow;
    sender.is_public = is_public;
    TrackedReport report;
    std::vector<TrackedPlace> messages;
    std::size_t index = 0;
    const boost::json::value given = boost::json::parse(batch);
    for (const auto& each : given.as_array()) {
      auto message = read_tracked(each.get_object(), std::nullopt, {clock_.now(), {}});
      if (message) {
        messages.push_back({index, std::move(*message)});
      } else {
        report.left_out.push_back({index, message.error()});
      }
      ++index;
    }
    take_tracked({database(), *log_, random_}, sender, messages, report);
    std::string text = std::to_string(report.accepted) + " taken, " +
                       std::to_string(report.repeated) + " repeated";
    for (const auto& each : report.left_out) {
      text += ", " + std::to_string(each.index) + ": " + std::string(each.code);
    }
    return text;
  }
  std::int64_t number(const char* sql) {
    return database().read([&](store::Session& session) {
      return session.one(sql, {}, [](const store::Row& row) { return row.integer(0); }).value_or(0);
    });
  }
  std::optional<base::CustomerId> person(std::string_view kind, std::string_view value) {
    return database().read([&](store::Session& session) -> std::optional<base::CustomerId> {
      const auto found = customer::find(session, {.kind = kind, .value = value});
      if (!found) return std::nullopt;
      return found->person;
    });
  }
  std::string attribute(std::string_view customer, std::string_view name) {
    return database().read([&](store::Session& session) -> std::string {
      const auto found = customer::find_by_key(session, customer);
      if (!found) return "nobody";
      for (const auto& each : customer::attributes_of(session, found->person)) {
        if (each.name == name) return each.value ? base::to_text(*each.value) : each.raw;
      }
      return "none";
    });
  }
  // Events of the name, of the person.
  std::int64_t events_of(std::string_view name, base::CustomerId of) {
    return database().read([&](store::Session& session) {
      const std::string sql =
          "select count(*) from visible_event e join event_type t on t.id = e.type "
          "join customer_person p on p.customer = e.customer where t.name = $1 and p.person = $2";
      return session
          .one(sql, {name, of.value}, [](const store::Row& row) { return row.integer(0); })
          .value_or(0);
    });
  }
};

TEST_P(TrackedTest, AnAnonymousVisitorBecomesSomebodyNew) {
  EXPECT_EQ(take(R"([{"type":"page","anonymousId":"d1"},
                     {"type":"identify","anonymousId":"d1","userId":"ann","traits":{"city":"杭州"}},
                     {"type":"page","anonymousId":"d1","userId":"ann"}])"),
            "3 taken, 0 repeated");
  const auto ann = person("customer", "ann");
  ASSERT_TRUE(ann.has_value());
  EXPECT_EQ(person("device", "d1"), ann);
  EXPECT_EQ(events_of("page_viewed", *ann), 2);
  EXPECT_EQ(attribute("ann", "city"), "杭州");
  EXPECT_EQ(number("select count(*) from customer"), 1);
}

TEST_P(TrackedTest, AnAnonymousVisitorTurnsOutToBeSomebodyKnown) {
  customers("customer,since\nann,2026-01-01\n");
  EXPECT_EQ(take(R"([{"type":"page","anonymousId":"d1"},
                     {"type":"identify","anonymousId":"d1","userId":"ann"},
                     {"type":"identify","anonymousId":"d1","userId":"ann"}])"),
            "3 taken, 0 repeated");
  const auto ann = person("customer", "ann");
  EXPECT_EQ(person("device", "d1"), ann);
  EXPECT_EQ(events_of("page_viewed", *ann), 1);
  EXPECT_EQ(number("select count(*) from customer_alias"), 1);
  EXPECT_EQ(
      database().read([&](store::Session& session) { return customer::key_of(session, *ann); }),
      "ann");
}

TEST_P(TrackedTest, ASharedDeviceMakesNoOnePersonOfTwo) {
  EXPECT_EQ(take(R"([{"type":"identify","anonymousId":"d1","userId":"ann"},
                     {"type":"identify","anonymousId":"d1","userId":"bob"},
                     {"type":"track","anonymousId":"d1","userId":"bob","event":"Signed Up"},
                     {"type":"track","anonymousId":"d1","event":"Signed Up"}])"),
            "4 taken, 0 repeated");
  const auto ann = person("customer", "ann");
  const auto bob = person("customer", "bob");
  EXPECT_NE(ann, bob);
  EXPECT_EQ(person("device", "d1"), ann);
  EXPECT_EQ(events_of("signed_up", *ann), 1);
  EXPECT_EQ(events_of("signed_up", *bob), 1);
  EXPECT_EQ(number("select count(*) from customer_alias"), 0);
}

TEST_P(TrackedTest, ARepeatIsKnownByItsMessageId) {
  const std::string message =
      R"([{"type":"track","userId":"ann","event":"Signed Up","messageId":"m1"}])";
  EXPECT_EQ(take(message), "1 taken, 0 repeated");
  EXPECT_EQ(take(message), "0 taken, 1 repeated");
  EXPECT_EQ(take(message, true), "1 taken, 0 repeated");  // another key's words
  EXPECT_EQ(take(R"([{"type":"page","anonymousId":"new","messageId":"m2"},
                     {"type":"page","anonymousId":"new","messageId":"m2"}])"),
            "1 taken, 1 repeated");
  EXPECT_EQ(number("select count(*) from customer"), 2);
}

TEST_P(TrackedTest, OneThatCannotBeTakenLeavesTheOthers) {
  EXPECT_EQ(take(R"([{"type":"page","userId":"ann"},
                     {"type":"page","userId":"c_123"},
                     {"type":"alias","userId":"ann"},
                     {"type":"track","userId":"ann","event":"Old",
                      "timestamp":"1969-01-01T00:00:00Z"},
                     {"type":"track","userId":"ann","event":"tag_added"},
                     {"type":"identify","userId":"bob","traits":{"vip":true}}])"),
            "2 taken, 0 repeated, 1: customer.unknown_customer, 2: intake.unknown_message, "
            "3: log.before_1970, 4: intake.record_of_the_product");
  EXPECT_EQ(attribute("bob", "vip"), "true");
}

TEST_P(TrackedTest, APublicKeyIsBelievedLess) {
  const std::string order =
      R"([{"type":"track","userId":"ann","event":"Order Completed","properties":{"total":12.5}}])";
  EXPECT_EQ(take(order, true), "0 taken, 0 repeated, 0: intake.not_from_public_key");
  EXPECT_EQ(number("select count(*) from customer"), 0);
  EXPECT_EQ(take(order), "1 taken, 0 repeated");
  EXPECT_EQ(take(R"([{"type":"track","userId":"ann","event":"Product Viewed"},
                     {"type":"track","userId":"ann","event":"My Own"}])",
                 true),
            "2 taken, 0 repeated");
  std::string many = R"([{"type":"track","userId":"ann","event":"Wide","properties":{)";
  for (int i = 0; i < 150; ++i) {
    many += (i > 0 ? ",\"p" : "\"p") + std::to_string(i) + "\":1";
  }
  EXPECT_EQ(take(many + "}}]", true), "1 taken, 0 repeated");
  EXPECT_EQ(number("select count(*) from event_property p join event_type t on t.id = p.type "
                   "where t.name = 'wide'"),
            static_cast<std::int64_t>(kPublicPropertiesMax));
}

INSTANTIATE_TEST_SUITE_P(Both, TrackedTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
