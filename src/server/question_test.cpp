// Heavy questions through the whole program: who asks goes away, the program ends, a file is cut.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "server/app_fixture.h"

namespace server {
namespace {

class QuestionTest : public AppFixture {
 protected:
  void SetUp() override {
    options_.after_slice = [this] { after_slice(); };
    AppFixture::SetUp();
    if (IsSkipped()) return;
    send(net::Method::post, "/api/v1/customers",
         R"({"customers": [{"customer": "a"}, {"customer": "b"}]})");
    audience_ = std::to_string(
        ask(net::Method::post, "/api/v1/audiences", R"({"name": "all", "rule": "everyone"})", 201)
            .at("id")
            .as_int64());
  }

  void after_slice() {
    const std::function<void()> act = [this] {
      const std::scoped_lock lock(mutex_);
      return std::exchange(act_, {});
    }();
    if (act) act();
  }
  // Done once, by a question after its first slice.
  void at_first_slice(std::function<void()> act) {
    const std::scoped_lock lock(mutex_);
    act_ = std::move(act);
  }

  net::Response count() {
    return send(net::Method::post, "/api/v1/rules/count", R"({"rule": "everyone"})");
  }
  static std::string code_of(const net::Response& response) {
    return std::string(boost::json::parse(response.body).at("code").as_string());
  }
  std::size_t running() {
    const net::Response response = send(net::Method::get, "/api/v1/questions", "");
    return boost::json::parse(response.body).at("questions").as_array().size();
  }

  std::string audience_;  // its id

 private:
  std::mutex mutex_;
  std::function<void()> act_;
};

// A connection that has sent one request; closed when destroyed.
class Sender {
 public:
  Sender(std::uint16_t port, const std::string& bytes)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  ~Sender() { ::close(socket_); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

 private:
  int socket_;
};

TEST_P(QuestionTest, EndsWhenTheConnectionOfItsAskerIsClosed) {
  std::promise<void> held;
  std::promise<void> released;
  at_first_slice([&] {
    held.set_value();
    released.get_future().wait();
  });
  std::promise<net::Response> answered;
  net::HttpServerOptions options;
  options.tcp = net::HostPort{"127.0.0.1", 0};
  options.handle = [&](const net::Request& from_peer) {
    net::Request local = from_peer;  // as if it had come over the socket of the folder
    local.local = true;
    net::Response response = app_->handle(local);
    answered.set_value(response);
    return response;
  };
  auto server = net::HttpServer::start(std::move(options));
  ASSERT_TRUE(server);
  {
    const std::string body = R"({"rule": "everyone"})";
    const Sender sender((*server)->port(),
                        "POST /api/v1/rules/count HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\n"
                        "Content-Type: application/json\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body);
    held.get_future().wait();
    EXPECT_EQ(running(), 1u);
  }
  const auto end = std::chrono::steady_clock::now() + kFailsafe;
  while ((*server)->counts().requests_abandoned == 0) {  // there is no event for it
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    std::this_thread::yield();
  }
  released.set_value();
  const net::Response response = answered.get_future().get();
  EXPECT_EQ(response.status, 499);
  EXPECT_EQ(code_of(response), "api.asker_gone");
  EXPECT_EQ(running(), 0u);
  EXPECT_EQ(count().status, 200);
}

TEST_P(QuestionTest, EndsWithTheProgram) {
  at_first_slice([&] { app_->end_questions(); });
  const net::Response response = count();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(code_of(response), "api.ending");
  EXPECT_EQ(code_of(count()), "api.ending");
}

TEST_P(QuestionTest, AStoppedExportLeavesNoFile) {
  const store::TemporaryFolder folder;
  const std::string file = folder.path() + "/out.csv";
  const auto exported = [&](const std::string& what, std::stop_token gone) {
    net::Request out =
        request(net::Method::post, "/local/v1/export",
                R"({"what": ")" + what + R"(", "audience": "all", "file": ")" + file + R"("})");
    out.watch_sender = [gone] { return gone; };
    return app_->handle(out);
  };
  for (const std::string what : {"audience", "customers", "events"}) {
    SCOPED_TRACE(what);
    std::stop_source gone;
    if (what == "audience") {
      at_first_slice([&] { gone.request_stop(); });
    } else {
      gone.request_stop();
    }
    const net::Response response = exported(what, gone.get_token());
    EXPECT_EQ(response.status, 499);
    EXPECT_EQ(code_of(response), "api.asker_gone");
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  }
  const net::Response whole = exported("audience", {});
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(boost::json::parse(whole.body).at("rows").as_int64(), 2);
  EXPECT_TRUE(std::filesystem::exists(file));
  // What left the program is in the audit, by the command line as by anybody; what did not is not.
  const auto audit =
      boost::json::parse(send(net::Method::get, "/api/v1/audit?noun=export", "").body);
  ASSERT_EQ(audit.at("entries").as_array().size(), 1U) << audit;
  const boost::json::value& entry = audit.at("entries").at(0);
  EXPECT_EQ(entry.at("verb"), "created");
  EXPECT_EQ(entry.at("after").at("what"), "audience");
  EXPECT_EQ(entry.at("after").at("rows"), 2);
  EXPECT_EQ(entry.at("after").at("phones_masked"), false);
}

TEST_P(QuestionTest, TheCheckEndsWithWhoAsked) {
  std::stop_source gone;
  at_first_slice([&] { gone.request_stop(); });
  net::Request check = request(net::Method::post, "/local/v1/check", "{}");
  check.watch_sender = [&] { return gone.get_token(); };
  EXPECT_EQ(app_->handle(check).status, 499);
  EXPECT_EQ(send(net::Method::post, "/local/v1/check", "{}").status, 200);
}

TEST_P(QuestionTest, AHandlerThatAsksForNothingHeavyIsNotEnded) {
  std::stop_source gone;
  gone.request_stop();
  net::Request tags = request(net::Method::get, "/api/v1/tags", "");
  tags.watch_sender = [&] { return gone.get_token(); };
  EXPECT_EQ(app_->handle(tags).status, 200);
}

// Three midnights are one question: what is done of it is told of all three, and when it is stopped
// those that have been counted need not be counted again.
TEST_P(QuestionTest, SizesAreOneQuestionThatGoesOnWhereItWasStopped) {
  std::vector<double> told;
  const std::function<void()> tell = [&] {
    const net::Response response = send(net::Method::get, "/api/v1/questions", "");
    const auto questions = boost::json::parse(response.body).at("questions");
    told.push_back(questions.at(0).at("progress").to_number<double>());
    at_first_slice(tell);
  };
  std::stop_source gone;
  const std::function<void()> stop_at_second = [&] {
    at_first_slice([&] { gone.request_stop(); });
  };
  const auto sizes = [&] {
    net::Request asked =
        request(net::Method::get, "/api/v1/audiences/" + audience_ + "/sizes?days=3", "");
    asked.watch_sender = [&] { return gone.get_token(); };
    return app_->handle(asked);
  };
  at_first_slice(stop_at_second);
  EXPECT_EQ(code_of(sizes()), "api.asker_gone");
  gone = std::stop_source();
  at_first_slice(tell);
  EXPECT_EQ(sizes().status, 200);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_DOUBLE_EQ(told[0], 0.5);
  EXPECT_DOUBLE_EQ(told[1], 1);
  EXPECT_EQ(sizes().status, 200);
  EXPECT_EQ(told.size(), 2u) << "nothing has been written";
  send(net::Method::post, "/api/v1/customers", R"({"customers": [{"customer": "c"}]})");
  EXPECT_EQ(sizes().status, 200);
  EXPECT_EQ(told.size(), 5u);
}

// Who has gone is waited for by nobody: what the orders are behind by then is told.
TEST_P(QuestionTest, ColumnsOfOrdersThatAreBehindAreNotFresh) {
  std::stop_source gone;
  const auto list = [&](const std::string& columns) {
    net::Request asked = request(net::Method::post, "/api/v1/customers/list",
                                 R"({"search": "a", "columns": [)" + columns + "]}");
    asked.watch_sender = [&] { return gone.get_token(); };
    return boost::json::parse(app_->handle(asked).body);
  };
  const std::string paid = R"({"mode": "history", "events": [{"customer": "a",
      "event": "order_paid", "time": "2026-01-10T08:00:00Z", "properties": {"order_id": "T-1"}}]})";
  ask(net::Method::post, "/api/v1/events", paid, 201);
  gone.request_stop();
  EXPECT_FALSE(list(R"("orders")").at("fresh").as_bool());
  EXPECT_TRUE(list(R"("tags")").at("fresh").as_bool());
  gone = std::stop_source();
  const auto caught_up = list(R"("orders")");
  EXPECT_TRUE(caught_up.at("fresh").as_bool());
  EXPECT_EQ(caught_up.at("customers").at(0).at("cells").at("orders").as_int64(), 1);
}

INSTANTIATE_TEST_SUITE_P(Both, QuestionTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
