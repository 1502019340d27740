#include "timeline/log_follower.h"

#include "customer/merge.h"
#include "store/failure.h"
#include "timeline/test_followed_log.h"

namespace timeline {
namespace {

using base::CustomerId;
using base::Moment;

// A connection that is lost after some statements.
class LostSession final : public store::Session {
 public:
  LostSession(store::Session& session, int statements) : session_(session), left_(statements) {}
  store::Dialect dialect() const override { return session_.dialect(); }
  void query(std::string_view sql, std::span<const store::Param> params,
             const std::function<void(const store::Row&)>& each) override {
    if (left_-- == 0) throw store::Failure(store::FailureKind::unavailable, "lost by the test");
    session_.query(sql, params, each);
  }

 private:
  store::Session& session_;
  int left_;
};

class LogFollowerTest : public FollowedLogTest {};

// A memory that is followed into by the test's own hand.
struct Followed {
  explicit Followed(event_log::Log& log, store::Session& session)
      : store(ChangeTypes::of(session, *log.catalog().of(session))),
        follower({log, store, positions}) {
    while (follower.begin(session)) {
    }
  }
  ColumnStore store;
  SlotPositions positions;
  LogFollower follower;
};

std::string told(const Pin& pin, const SlotPositions& positions) {
  std::string text = std::to_string(pin.persons()) + " persons";
  for (std::size_t block = 0; block < pin.blocks(); ++block) {
    pin.rows(block).each([&](std::size_t row) {
      Rows rows;
      pin.read_row(block, row, rows);
      text += "\n" + std::to_string(rows.rows.front().person.value) + ":";
      for (const RowEvent& event : rows.events) {
        text += " " + std::to_string(event.type.value) + "@" +
                event_log::to_text(positions.position_of(event.slot)) + "/" +
                std::string(pin.origins()->source_name(event.origin));
      }
    });
  }
  return text;
}

// Whatever statement of a step the connection is lost at, the next one goes on behind the last
// event that was taken in: none is missing, none is there twice.
TEST_P(LogFollowerTest, GoesOnAfterALostConnection) {
  std::vector<std::unique_ptr<Followed>> memories;  // of the empty log
  const auto one_more = [&] {
    return database().read(
        [&](store::Session& session) { return std::make_unique<Followed>(*log_, session); });
  };
  constexpr int kStatementsMax = 200;
  for (int i = 0; i <= kStatementsMax; ++i) memories.push_back(one_more());
  std::vector<CustomerId> people;
  for (const std::string_view name : {"ann", "bob", "cid", "dan"}) {
    people.push_back(known_as("customer", name));
    did(people.back(), {.source = "shop of " + std::string(name)});
  }
  ASSERT_TRUE(write([&](customer::Writing& writing) {
                return customer::merge(writing, people[0], people[1]);
              }).has_value());
  for (const CustomerId customer : people) did(customer, {.source = "till"});

  std::string whole;
  int failed = 0;
  for (int statements = kStatementsMax; statements >= 0; --statements) {
    Followed& memory = *memories[static_cast<std::size_t>(statements)];
    try {
      database().read([&](store::Session& session) {
        LostSession lost(session, statements);
        memory.follower.step(lost);
      });
    } catch (const store::Failure&) {
      ++failed;
      database().read([&](store::Session& session) { memory.follower.step(session); });
    }
    memory.store.publish(memory.follower.position());
    const std::string here = told(memory.store.pin(), memory.positions);
    if (whole.empty()) whole = here;
    EXPECT_EQ(here, whole) << "lost after " << statements;
    EXPECT_EQ(memory.follower.events_read(), memories[kStatementsMax]->follower.events_read());
  }
  EXPECT_GT(failed, 10) << "nothing was lost in between";
  EXPECT_LT(failed, kStatementsMax) << "and nothing was whole";
}

INSTANTIATE_TEST_SUITE_P(Both, LogFollowerTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace timeline
