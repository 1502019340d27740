#include "webhook/webhook.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <thread>

#include "base/json.h"
#include "channel/http/receiver.h"
#include "channel/http/signature.h"
#include "log/test_log.h"
#include "outbox/carrier.h"
#include "webhook/follower.h"
#include "webhook/webhook_sender.h"

namespace webhook {
namespace {

class StillClock final : public base::Clock {
 public:
  base::Moment now() const override { return event_log::kTestNow + moved; }
  base::Duration moved{0};
};

class WebhookTest : public event_log::LogFixture {
 protected:
  Webhook wanted(std::int64_t id, const std::string& url, std::vector<std::string> events = {}) {
    const auto key = new_key(seal_, random_, {id});
    EXPECT_TRUE(key);
    key_ = key->text;
    return {.id = {id},
            .name = "webhook " + std::to_string(id),
            .url = url,
            .events = std::move(events),
            .sealed_key = key->sealed,
            .lane = {id + 1000},
            .created_at = clock_.now()};
  }
  std::string add(const Webhook& webhook) {
    const auto made = database().write(
        "add", [&](store::Unit& unit) { return webhook::add(unit, webhook, log().head(unit)); });
    return made ? "added" : std::string(code_of(made.error()));
  }
  void happen(const std::vector<event_log::NewEvent>& events) {
    auto from = origin();
    from.liveness = event_log::Liveness::live;
    ASSERT_TRUE(append(from, events));
  }
  bool turn(std::int64_t id, bool is_on) {
    return database().write("turn", [&](store::Unit& unit) {
      Webhook webhook = *webhook_with(unit, {id});
      webhook.is_on = is_on;
      return change(unit, webhook, {clock_.now(), "anna"}).has_value();
    });
  }
  std::int64_t follow() { return Follower({database(), log(), clock_, random_}).follow(); }
  std::vector<outbox::Intent> intents(std::int64_t id) {
    return database().read(
        [&](store::Session& session) { return outbox::of_cause(session, reader_of({id}), {}); });
  }
  std::vector<outbox::Outcome> send(std::int64_t id) {
    channel::CallerOptions options;
    options.allowed = *channel::AllowedNetworks::parse("127.0.0.1");
    WebhookSender sender({database(), log(), seal_, clock_}, {id}, options);
    std::vector<outbox::Effect> effects;
    for (const outbox::Intent& intent : intents(id)) {
      effects.push_back(
          {.effect_id = intent.effect_id, .kind = {}, .payload = intent.payload, .tries = 1});
    }
    return sender.send(effects);
  }

  StillClock clock_;
  base::SystemRandom random_;
  store::TemporaryFolder folder_;
  rights::SecretSeal seal_{folder_.path() + "/key", random_};
  std::string key_;
};
INSTANTIATE_TEST_SUITE_P(Both, WebhookTest, store::kBothDatabases, store::dialect_name);

TEST_P(WebhookTest, TellsWhatHappensFromThenOn) {
  channel::TestReceiver receiver;
  happen({event_log::new_event(1, "told")});
  ASSERT_EQ(add(wanted(7, receiver.url("/hook"))), "added");
  append({event_log::new_event(1, "told")});  // history
  happen({event_log::new_event(2, "told", R"({"n":5})"), event_log::new_event(3, "other")});
  EXPECT_EQ(follow(), 2);
  EXPECT_EQ(follow(), 0);
  for (const auto& outcome : send(7)) EXPECT_EQ(outcome.sent, outbox::Sent::done);
  const auto asked = receiver.asked();
  ASSERT_EQ(asked.size(), 2u);
  const net::Request& first =
      asked[0].body.find("\"told\"") != std::string::npos ? asked[0] : asked[1];
  const auto body = base::parse_json(first.body, 10'000)->as_object();
  EXPECT_EQ(body.at("event").as_string(), "told");
  EXPECT_EQ(body.at("customer").as_string(), "c_2");
  EXPECT_EQ(body.at("time").as_string(), "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(body.at("properties").as_object().at("n").as_int64(), 5);
  EXPECT_EQ(first.headers.find("Siyu-Effect-Id"), std::string(body.at("effect_id").as_string()));
  EXPECT_EQ(first.headers.find("Siyu-Signature"),
            channel::signature_of({.key = key_, .body = first.body, .at = clock_.now()}));
}

// A receiver that still has the old key hears it for a day, also when it was renewed twice.
TEST_P(WebhookTest, ARenewedKeySignsBesideTheOldOneForADay) {
  channel::TestReceiver receiver;
  ASSERT_EQ(add(wanted(7, receiver.url())), "added");
  happen({event_log::new_event(1, "told")});
  EXPECT_EQ(follow(), 1);
  std::vector<std::string> keys{key_};  // the newest first
  const auto renew = [&] {
    const auto key = new_key(seal_, random_, {7});
    ASSERT_TRUE(key);
    keys.insert(keys.begin(), key->text);
    database().write("renew", [&](store::Unit& unit) {
      Webhook webhook = *webhook_with(unit, {7});
      renew_key(webhook, key->sealed, clock_.now());
      EXPECT_TRUE(change(unit, webhook, {clock_.now(), "anna"}));
    });
  };
  const auto signed_by = [&](std::size_t newest) {
    EXPECT_EQ(send(7)[0].sent, outbox::Sent::done);
    const net::Request asked = receiver.asked().back();
    std::string wanted_text = "t=" + std::to_string(clock_.now().ms / 1000);
    for (std::size_t i = 0; i < newest; ++i) {
      const std::string one =
          channel::signature_of({.key = keys[i], .body = asked.body, .at = clock_.now()});
      wanted_text += one.substr(one.find(",v1="));
    }
    EXPECT_EQ(asked.headers.find("Siyu-Signature"), wanted_text);
  };
  signed_by(1);
  renew();
  signed_by(2);
  clock_.moved = base::kHour;
  renew();
  signed_by(3);
  clock_.moved = kOldKeyFor;
  signed_by(2);
  clock_.moved = {kOldKeyFor.ms + base::kHour.ms};
  signed_by(1);
  for (std::size_t i = 0; i < kOldKeysMax + 2; ++i) renew();
  signed_by(kOldKeysMax + 1);
}

TEST_P(WebhookTest, TellsOnlyWhatWasChosen) {
  ASSERT_EQ(add(wanted(7, "https://a.example.com/", {"wanted", "never_seen"})), "added");
  happen({event_log::new_event(1, "wanted"), event_log::new_event(1, "other"),
          event_log::new_event(2, "wanted")});
  EXPECT_EQ(follow(), 2);
}

// One that is off keeps its position.
TEST_P(WebhookTest, OffItWaitsAndGoesOn) {
  ASSERT_EQ(add(wanted(7, "https://a.example.com/")), "added");
  EXPECT_TRUE(turn(7, false));
  happen({event_log::new_event(1, "told")});
  EXPECT_EQ(follow(), 0);
  EXPECT_TRUE(turn(7, true));
  EXPECT_EQ(follow(), 1);
}

// Its lane stands still as long as it is off; what a person has paused stays so when it is only
// renamed.
TEST_P(WebhookTest, OffItsLaneIsPaused) {
  const auto paused = [&] {
    std::string out;
    for (const outbox::Pause& pause : database().read(outbox::pauses)) {
      out += pause.what + " by " + pause.by_whom + ";";
    }
    return out;
  };
  ASSERT_EQ(add(wanted(7, "https://a.example.com/")), "added");
  EXPECT_TRUE(turn(7, false));
  EXPECT_EQ(paused(), "lane/1007 by anna;");
  const auto is_off = [&](std::string_view what) {
    return database().read(
        [&](store::Session& session) { return is_lane_of_one_off(session, what); });
  };
  EXPECT_TRUE(is_off("lane/1007"));
  EXPECT_FALSE(is_off("lane/1008"));
  const auto tested = database().write("test", [&](store::Unit& unit) {
    return enqueue_test(unit, *webhook_with(unit, {7}), {55}, clock_.now());
  });
  ASSERT_FALSE(tested);
  EXPECT_EQ(tested.error(), Fault::is_off);
  EXPECT_TRUE(turn(7, true));
  EXPECT_EQ(paused(), "");
  EXPECT_FALSE(is_off("lane/1007"));
  EXPECT_TRUE(database().write("pause", [&](store::Unit& unit) {
    return *outbox::pause(unit, {"lane/1007", clock_.now(), "bob"});
  }));
  EXPECT_TRUE(turn(7, true));
  EXPECT_EQ(paused(), "lane/1007 by bob;");
  EXPECT_TRUE(database().write("remove",
                               [&](store::Unit& unit) { return remove(unit, {7}, clock_.now()); }));
  EXPECT_EQ(paused(), "");
}

// Whatever is answered but 2xx is tried again; 410 says that nobody wants it.
TEST_P(WebhookTest, WhatIsNotTakenComesAgain) {
  int status = 404;
  channel::TestReceiver receiver(
      [&](const net::Request&) { return net::make_response(status, "text/plain", ""); });
  ASSERT_EQ(add(wanted(7, receiver.url())), "added");
  happen({event_log::new_event(1, "told")});
  EXPECT_EQ(follow(), 1);
  EXPECT_EQ(send(7)[0].sent, outbox::Sent::unavailable);
  status = 429;
  EXPECT_EQ(send(7)[0].sent, outbox::Sent::too_often);
  status = 410;
  EXPECT_EQ(send(7)[0].sent, outbox::Sent::refused);
  const auto asked = receiver.asked();
  EXPECT_EQ(asked[0].headers.find("Siyu-Effect-Id"), asked[2].headers.find("Siyu-Effect-Id"));
}

// One that has far to read takes its turns like the others, and the call ends.
TEST_P(WebhookTest, NoneHoldsUpTheOthers) {
  ASSERT_EQ(add(wanted(7, "https://a.example.com/")), "added");
  ASSERT_EQ(add(wanted(8, "https://a.example.com/", {"rare"})), "added");
  ASSERT_EQ(add(wanted(9, "https://a.example.com/")), "added");
  for (int i = 0; i < 20; ++i) happen({event_log::new_event(1, "told")});
  happen({event_log::new_event(1, "rare")});
  Follower::Means means{database(), log(), clock_, random_};
  means.events_at_once = 2;
  means.steps_at_once = 5;
  Follower follower(means);
  EXPECT_EQ(follower.follow(), 4 + 1 + 4);
  EXPECT_EQ(intents(7).size(), 4u);
  EXPECT_EQ(intents(8).size(), 1u);
  EXPECT_EQ(intents(9).size(), 4u);
  int calls = 1;
  while (follower.follow() > 0) ++calls;
  EXPECT_EQ(intents(7).size(), 21u);
  EXPECT_EQ(intents(9).size(), 21u);
  EXPECT_GT(calls, 4);
}

// A call that ends in the middle of a round goes on there, so that the last ones have their turn.
TEST_P(WebhookTest, TheNextCallBeginsWithWhoseTurnItWas) {
  for (const std::int64_t id : {7, 8, 9}) {
    ASSERT_EQ(add(wanted(id, "https://a.example.com/")), "added");
  }
  for (int i = 0; i < 5; ++i) happen({event_log::new_event(1, "told")});
  Follower::Means means{database(), log(), clock_, random_};
  means.events_at_once = 1;
  means.steps_at_once = 2;
  Follower follower(means);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(follower.follow(), 2);
  for (const std::int64_t id : {7, 8, 9}) EXPECT_EQ(intents(id).size(), 2u) << id;
}

// History is passed in bounded calls too.
TEST_P(WebhookTest, HistoryIsPassedInBoundedCalls) {
  ASSERT_EQ(add(wanted(7, "https://a.example.com/")), "added");
  for (int i = 0; i < 10; ++i) append({event_log::new_event(1, "told")});
  happen({event_log::new_event(1, "told")});
  Follower::Means means{database(), log(), clock_, random_};
  means.events_at_once = 1;
  means.steps_at_once = 4;
  Follower follower(means);
  const auto position = [&] {
    return *database().read(
        [](store::Session& session) { return event_log::position_of(session, reader_of({7})); });
  };
  EXPECT_EQ(follower.follow(), 0);
  const event_log::Position first = position();
  EXPECT_EQ(follower.follow(), 0);
  EXPECT_LT(first, position());
  EXPECT_EQ(follower.follow(), 1);
}

// Of two processes one wins each step: every event is one intent.
TEST_P(WebhookTest, TwoFollowersAtOnceTellEachEventOnce) {
  constexpr std::int64_t kEvents = 60;
  ASSERT_EQ(add(wanted(7, "https://a.example.com/")), "added");
  for (std::int64_t i = 0; i < kEvents; ++i) happen({event_log::new_event(i + 1, "told")});
  std::atomic<std::int64_t> made = 0;
  std::latch begun(2);
  const auto work = [&] {
    base::SystemRandom random;
    Follower::Means means{database(), log(), clock_, random};
    means.events_at_once = 3;
    means.steps_at_once = 1;
    Follower follower(means);
    begun.arrive_and_wait();
    // A step that the other one won makes nothing: only all of them are the end.
    for (int i = 0; i < 1000 && made < kEvents; ++i) made += follower.follow();
  };
  {
    const std::jthread one(work);
    const std::jthread other(work);
  }
  EXPECT_EQ(made, kEvents);
  std::set<std::string> effects;
  for (const outbox::Intent& intent : intents(7)) effects.insert(intent.effect_id);
  EXPECT_EQ(effects.size(), static_cast<std::size_t>(kEvents));
  EXPECT_EQ(intents(7).size(), static_cast<std::size_t>(kEvents));
}

// It waits where it is until some of what stands has ended.
TEST_P(WebhookTest, AFullLaneIsWaitedFor) {
  ASSERT_EQ(add(wanted(7, "https://a.example.com/")), "added");
  for (int i = 0; i < 9; ++i) happen({event_log::new_event(1, "told")});
  Follower::Means means{database(), log(), clock_, random_};
  means.events_at_once = 2;
  means.standing_max = 4;
  Follower follower(means);
  EXPECT_EQ(follower.follow(), 4);
  EXPECT_EQ(follower.follow(), 0);
  const auto end_all = [&] {
    return database().write(
        "end", [&](store::Unit& unit) { return outbox::drop_all(unit, {1007}, clock_.now()); });
  };
  EXPECT_EQ(end_all(), 4);
  EXPECT_EQ(follower.follow(), 4);
  EXPECT_EQ(end_all(), 4);
  EXPECT_EQ(follower.follow(), 1);
  EXPECT_EQ(intents(7).size(), 9u);
}

// Nothing of a person is in the outbox, and nothing of them goes out any more.
TEST_P(WebhookTest, WhoIsErasedIsNotTold) {
  channel::TestReceiver receiver;
  ASSERT_EQ(add(wanted(7, receiver.url())), "added");
  happen({event_log::new_event(5, "told", R"({"secret":"Anna"})")});
  EXPECT_EQ(follow(), 1);
  EXPECT_EQ(intents(7)[0].payload.find("Anna"), std::string::npos);
  database().write("erase", [&](store::Unit& unit) { log().erase(unit, {{5}, {99}}); });
  const auto outcomes = send(7);
  EXPECT_EQ(outcomes[0].sent, outbox::Sent::refused);
  EXPECT_EQ(outcomes[0].problem, "webhook.event_gone");
  EXPECT_TRUE(receiver.asked().empty());
}

TEST_P(WebhookTest, IsTestedWithoutAnEvent) {
  channel::TestReceiver receiver;
  ASSERT_EQ(add(wanted(7, receiver.url())), "added");
  const auto effect = database().write("test", [&](store::Unit& unit) {
    return enqueue_test(unit, *webhook_with(unit, {7}), {55}, clock_.now());
  });
  ASSERT_TRUE(effect);
  EXPECT_EQ(send(7)[0].sent, outbox::Sent::done);
  EXPECT_EQ(receiver.asked()[0].body, R"({"effect_id":"webhook/7/test/55","event":null})");
}

// What was queued goes with it.
TEST_P(WebhookTest, RemovedItLeavesNothingWaiting) {
  ASSERT_EQ(add(wanted(7, "https://a.example.com/")), "added");
  happen({event_log::new_event(1, "told")});
  EXPECT_EQ(follow(), 1);
  const auto gone = [&] {
    return database().write("remove",
                            [&](store::Unit& unit) { return remove(unit, {7}, clock_.now()); });
  };
  EXPECT_TRUE(gone());
  EXPECT_FALSE(gone());
  EXPECT_EQ(intents(7)[0].state, outbox::State::dropped);
  EXPECT_EQ(follow(), 0);
}

TEST_P(WebhookTest, IsChecked) {
  Webhook bad = wanted(7, "https://a.example.com/");
  bad.name = "a\nb";
  EXPECT_EQ(add(bad), "webhook.bad_name");
  for (const char* url : {"", "ftp://a/", "https://u:p@a/", "https://a/${x}", "https://"}) {
    EXPECT_EQ(add(wanted(7, url)), "webhook.bad_url") << url;
  }
  EXPECT_EQ(add(wanted(7, "https://a/", {""})), "webhook.bad_events");
  EXPECT_EQ(add(wanted(7, "https://a/")), "added");
  Webhook same = wanted(8, "https://a/");
  same.name = "webhook 7";
  EXPECT_EQ(add(same), "webhook.name_taken");
  for (std::size_t i = 1; i < kWebhooksMax; ++i) {
    ASSERT_EQ(add(wanted(100 + static_cast<std::int64_t>(i), "https://a/")), "added");
  }
  EXPECT_EQ(add(wanted(9, "https://a/")), "webhook.too_many");
}

}  // namespace
}  // namespace webhook
