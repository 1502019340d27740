#include "api/uploads.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "store/test_folder.h"

namespace api {
namespace {

class UploadsTest : public ::testing::Test {
 protected:
  std::optional<Upload> add(const std::string& who) {
    Upload upload;
    upload.who = who;
    upload.at = {++moment_};
    return uploads_.add(std::move(upload), "tel\n");
  }
  // What it is once the work has ended.
  Upload ended(std::int64_t id, const std::string& who) {
    for (auto now = uploads_.find(id, who); now; now = uploads_.find(id, who)) {
      if (now->state != UploadState::importing) return *now;
      std::this_thread::yield();
    }
    return {};
  }
  UploadState import(std::int64_t id, const std::string& who) {
    EXPECT_TRUE(uploads_.start(id, [](Progress&, const std::stop_token&) {
      return boost::json::object{{"state", "done"}};
    }));
    return ended(id, who).state;
  }

  store::TemporaryFolder folder_;
  base::SystemRandom random_;
  Uploads uploads_{folder_.path() + "/uploads", random_};
  std::int64_t moment_ = 0;
};

TEST_F(UploadsTest, EverybodyHasRoomForAsManyFilesOfTheirOwn) {
  std::optional<Upload> last;
  for (std::size_t i = 0; i < kUploadsMax; ++i) last = add("user:1");
  ASSERT_TRUE(last);
  EXPECT_FALSE(add("user:1"));
  const auto other = add("user:2");
  ASSERT_TRUE(other);
  // What is imported takes no room.
  EXPECT_EQ(import(last->id, "user:1"), UploadState::done);
  EXPECT_TRUE(add("user:1"));
  EXPECT_FALSE(add("user:1"));
}

TEST_F(UploadsTest, AllTogetherHaveALimitToo) {
  std::size_t sent = 0;
  for (std::size_t who = 0; who < 2 * kUploadsOfAllMax / kUploadsMax; ++who) {
    for (std::size_t i = 0; i < kUploadsMax; ++i) {
      if (add("key:" + std::to_string(who))) ++sent;
    }
  }
  EXPECT_EQ(sent, kUploadsOfAllMax);
}

TEST_F(UploadsTest, OfWhatIsDoneTheLatestAreListed) {
  std::int64_t first = 0;
  for (std::size_t i = 0; i <= kUploadsDoneMax; ++i) {
    const auto sent = add("user:1");
    ASSERT_TRUE(sent);
    if (first == 0) first = sent->id;
    import(sent->id, "user:1");
  }
  EXPECT_EQ(uploads_.all_of("user:1").size(), kUploadsDoneMax);
  EXPECT_FALSE(uploads_.find(first, "user:1"));
}

TEST_F(UploadsTest, WhateverIsThrownMakesAFailedImport) {
  const auto sent = add("user:1");
  ASSERT_TRUE(sent);
  EXPECT_TRUE(
      uploads_.start(sent->id, [](Progress&, const std::stop_token&) -> boost::json::object {
        throw std::runtime_error("no thread to be had");
      }));
  const Upload failed = ended(sent->id, "user:1");
  EXPECT_EQ(failed.state, UploadState::failed);
  EXPECT_EQ(failed.fault, "api.internal_error");
  EXPECT_EQ(import(sent->id, "user:1"), UploadState::done);
}

}  // namespace
}  // namespace api
