// The second process, pretended by the shell: what it says, and that it goes when it should.
#include "server/demo_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <thread>

#include "base/random.h"

namespace server {
namespace {

using api::DemoProcessState;

constexpr std::chrono::seconds kFailsafe{20};  // nothing below waits this long unless it is broken

// Reads the secret, says that it listens, and ends with its standard input.
constexpr const char* kWellBehaved =
    "read secret; echo '{\"address\": \"http://127.0.0.1:41234\"}'; cat";

class DemoProcessTest : public ::testing::Test {
 protected:
  void SetUp() override { ::signal(SIGPIPE, SIG_IGN); }

  DemoProcess process(const std::string& script) {
    return DemoProcess({"/bin/sh", "-c", script}, {clock_, random_});
  }
  static api::DemoStanding wait_for(const DemoProcess& demo, DemoProcessState state) {
    const auto begin = std::chrono::steady_clock::now();
    while (demo.standing().state != state) {
      if (std::chrono::steady_clock::now() - begin > kFailsafe) {
        ADD_FAILURE() << "it is " << api::name_of(demo.standing().state) << ", not "
                      << api::name_of(state);
        break;
      }
      std::this_thread::yield();
    }
    return demo.standing();
  }

  base::SystemClock clock_;
  base::SystemRandom random_;
};

TEST_F(DemoProcessTest, RunsOnceUntilItIsStopped) {
  auto demo = process(kWellBehaved);
  EXPECT_EQ(demo.standing().state, DemoProcessState::stopped);
  EXPECT_EQ(demo.start().state, DemoProcessState::starting);
  EXPECT_EQ(wait_for(demo, DemoProcessState::running).port, 41234);
  EXPECT_EQ(demo.start().state, DemoProcessState::running);  // never two
  EXPECT_EQ(demo.stop().state, DemoProcessState::ending);
  EXPECT_EQ(wait_for(demo, DemoProcessState::stopped).port, 0);
  demo.start();
  wait_for(demo, DemoProcessState::running);
}

TEST_F(DemoProcessTest, SaysHowFarItIs) {
  auto demo = process("read secret; echo '{\"demo_making\": 400, \"of\": 20000}'; cat");
  demo.start();
  const auto begin = std::chrono::steady_clock::now();
  while (demo.standing().customers == 0 && std::chrono::steady_clock::now() - begin < kFailsafe) {
    std::this_thread::yield();
  }
  EXPECT_EQ(demo.standing().state, DemoProcessState::starting);
  EXPECT_EQ(demo.standing().customers_made, 400);
  EXPECT_EQ(demo.standing().customers, 20'000);
}

TEST_F(DemoProcessTest, OneThatGoesByItselfHasFailed) {
  auto demo = process("echo no json; exit 1");
  demo.start();
  wait_for(demo, DemoProcessState::failed);
  auto running = process("read secret; echo '{\"address\": \"http://[::1]:41234\"}'; exit 0");
  running.start();
  wait_for(running, DemoProcessState::failed);
  EXPECT_EQ(running.start().state, DemoProcessState::starting);  // it may be tried again
}

TEST_F(DemoProcessTest, OneThatIsNotThereHasFailed) {
  DemoProcess demo({"/nowhere/siyu"}, {clock_, random_});
  EXPECT_EQ(demo.start().state, DemoProcessState::failed);
  EXPECT_EQ(demo.stop().state, DemoProcessState::failed);
}

}  // namespace
}  // namespace server
