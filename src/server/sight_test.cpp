// Whom a user of a store sees by the attribute is asked of everybody once for all who ask at the
// same state of the log, and not for whoever has gone.
#include "api/sight.h"

#include <atomic>
#include <stop_token>
#include <thread>
#include <vector>

#include "server/role_fixture.h"

namespace server {
namespace {

class MadeClock final : public base::Clock {
 public:
  base::Moment now() const override { return now_; }
  void advance(base::Duration by) { now_ = now_ + by; }

 private:
  base::Moment now_{1'770'000'000'000};
};

class SightTest : public RoleFixture {
 protected:
  const base::Clock& clock() const override { return clock_; }

  void SetUp() override {
    RoleFixture::SetUp();
    if (IsSkipped()) return;
    local_post("/api/v1/customers",
               R"({"customers": [{"customer": "near", "attributes": {"store": "西湖店"}},
                                 {"customer": "far", "attributes": {"store": "外滩店"}}]})");
    const auto store = local_post("/api/v1/stores", R"({"code": "HZ01", "name": "西湖店"})");
    const auto staff = local_post(
        "/api/v1/staff",
        boost::json::serialize(boost::json::object{
            {"number", "1"}, {"name", "Lin"}, {"stores", boost::json::array{store.at("id")}}}));
    make_user("lin", "operator", {{"scope", "stores"}, {"staff", staff.at("id")}});
    lin_ = sign_in("lin");
  }

  // Asked by somebody who is still there, or has gone.
  net::Response look(const std::string& target, bool gone = false) {
    net::Request out = from_outside(net::Method::get, target, "");
    out.headers.set("Cookie", lin_.cookie);
    if (gone) {
      std::stop_source left;
      left.request_stop();
      out.watch_sender = [left] { return left.get_token(); };
    }
    return app_->handle(out);
  }

  MadeClock clock_;
  SignedIn lin_;
};

TEST_P(SightTest, IsAskedOnceForAStateOfTheLogAndASecond) {
  const std::string near = "/api/v1/customers/near";
  EXPECT_EQ(code_of(look(near, true)), "api.asker_gone");  // a question that was to be asked
  EXPECT_EQ(look(near).status, 200);
  EXPECT_EQ(look("/api/v1/customers/far").status, 404);
  EXPECT_EQ(look(near, true).status, 200);  // nothing is to be asked
  clock_.advance(base::Duration{api::kSightKept.ms + 1});
  EXPECT_EQ(code_of(look(near, true)), "api.asker_gone");
  EXPECT_EQ(look(near).status, 200);
  // Whoever leaves the store is gone from the next answer.
  local_post("/api/v1/customers",
             R"({"customers": [{"customer": "near", "attributes": {"store": "外滩店"}}]})");
  EXPECT_EQ(look(near).status, 404);
}

TEST_P(SightTest, AnswersManyAtOnce) {
  constexpr int kAskers = 8;
  constexpr int kRounds = 10;
  std::atomic<int> seen = 0;
  std::vector<std::jthread> askers;
  for (int asker = 0; asker < kAskers; ++asker) {
    askers.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        seen += look("/api/v1/customers/near").status == 200;
        seen += look("/api/v1/customers/far").status == 404;
        local_post("/api/v1/customers", R"({"customers": [{"customer": "other"}]})");
      }
    });
  }
  askers.clear();
  EXPECT_EQ(seen, 2 * kAskers * kRounds);
}

INSTANTIATE_TEST_SUITE_P(Both, SightTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
