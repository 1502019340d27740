// Writing a snapshot on a disk that fails, and beside others who write.
#include "timeline/snapshot_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "store/test_folder.h"
#include "timeline/test_disk.h"
#include "timeline/test_memory.h"

namespace timeline {
namespace {

using store::DiskAnswer;
using store::DiskStep;

// A file with an older moment, a memory that has gone on.
class SnapshotFileTest : public ::testing::Test {
 protected:
  SnapshotFileTest() {
    memory_.live(1500);
    EXPECT_TRUE(memory_.write(place()).has_value());
    old_ = read();
    memory_.live(1500);
    new_ = told(memory_.store());
    EXPECT_NE(old_, new_);
  }
  SnapshotPlace place(const store::Disk* disk = nullptr) const {
    return {.path = folder_.path() + "/memory", .disk = disk};
  }
  std::string read() const {
    const auto snapshot = open_snapshot(place().path);
    return snapshot ? told(*snapshot) : std::string(code_of(snapshot.error()));
  }
  std::size_t files() const {
    const std::filesystem::directory_iterator folder(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
  }

  store::TemporaryFolder folder_;
  TestMemory memory_{7};
  std::string old_;
  std::string new_;
};

TEST_F(SnapshotFileTest, ADiskThatFailsAtAnyCall) {
  const FailingDisk counts(-1, DiskAnswer::proceed, false);
  const std::string at_first = place().path;
  ASSERT_TRUE(memory_.write(place(&counts)).has_value());
  ASSERT_EQ(read(), new_);
  ASSERT_GT(counts.calls(), 10);
  for (const DiskAnswer answer : {DiskAnswer::full, DiskAnswer::broken, DiskAnswer::broken_after}) {
    for (const bool for_good : {false, true}) {
      for (int at = 0; at < counts.calls(); ++at) {
        SCOPED_TRACE(fmt::format("answer {} at call {} for good {}", static_cast<int>(answer), at,
                                 for_good));
        TestMemory before(7);
        before.live(1500);
        ASSERT_TRUE(before.write(place()).has_value());
        const FailingDisk disk(at, answer, for_good);
        const auto done = memory_.write(place(&disk));
        ASSERT_FALSE(done.has_value());
        EXPECT_EQ(done.error(), WriteFault::disk);
        // The last two calls are the rename and the sync of the folder.
        const bool renamed = at == counts.calls() - 1 ||
                             (at == counts.calls() - 2 && answer == DiskAnswer::broken_after);
        ASSERT_EQ(read(), renamed ? new_ : old_);
        // What is left over is in nobody's way.
        ASSERT_TRUE(memory_.write(place()).has_value());
        ASSERT_EQ(read(), new_);
        ASSERT_EQ(files(), 1u);
      }
    }
  }
}

TEST_F(SnapshotFileTest, TheOrderOfTheLastSteps) {
  const FailingDisk counts(-1, DiskAnswer::proceed, false);
  ASSERT_TRUE(memory_.write(place(&counts)).has_value());
  const auto step = [&](int from_the_end) {
    const FailingDisk disk(counts.calls() - from_the_end, DiskAnswer::broken, true);
    EXPECT_FALSE(memory_.write(place(&disk)).has_value());
    return disk.failed();
  };
  EXPECT_EQ(step(4), DiskStep::write);  // the header, last of all
  EXPECT_EQ(step(3), DiskStep::sync);
  EXPECT_EQ(step(2), DiskStep::rename);
  EXPECT_EQ(step(1), DiskStep::sync);
}

TEST_F(SnapshotFileTest, StopsWhenItIsTold) {
  int parts = 0;
  SnapshotPlace all = place();
  all.stop = [&] {
    ++parts;
    return false;
  };
  ASSERT_TRUE(memory_.write(all).has_value());
  ASSERT_GT(parts, 2);
  TestMemory before(7);
  before.live(1500);
  ASSERT_TRUE(before.write(place()).has_value());
  for (int stop_at = 1; stop_at <= parts; ++stop_at) {
    int asked = 0;
    SnapshotPlace some = place();
    some.stop = [&] { return ++asked == stop_at; };
    const auto done = memory_.write(some);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error(), WriteFault::stopped);
    EXPECT_EQ(read(), old_);
    EXPECT_EQ(files(), 1u);
  }
}

TEST_F(SnapshotFileTest, OneWritesAtATime) {
  {
    const SnapshotPlace here = place();
    const auto other = SnapshotFile::take(here, SnapshotFile::Missing::create);
    ASSERT_TRUE(other.has_value());
    const auto done = memory_.write(place());
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error(), WriteFault::busy);
    EXPECT_FALSE(remove_snapshot(place()));
    EXPECT_EQ(read(), old_);
  }
  EXPECT_TRUE(memory_.write(place()).has_value());
  EXPECT_EQ(read(), new_);
}

TEST_F(SnapshotFileTest, HalfOfADeadProcess) {
  std::ofstream(place().path + ".new") << std::string(9'000'000, 'x');
  EXPECT_EQ(read(), old_);
  ASSERT_TRUE(memory_.write(place()).has_value());
  EXPECT_EQ(read(), new_);
  EXPECT_EQ(files(), 1u);
  std::ofstream(place().path + ".new") << "of somebody";
  EXPECT_TRUE(remove_snapshot(place()));
  EXPECT_EQ(files(), 0u);
}

TEST_F(SnapshotFileTest, ForItsOwnerOnly) {
  struct stat about{};
  ASSERT_EQ(stat(place().path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

// Not removed is said, so that an erasure tries again.
TEST_F(SnapshotFileTest, RemovingOnADiskThatFails) {
  std::ofstream(place().path + ".new") << "of somebody";
  const FailingDisk counts(-1, DiskAnswer::proceed, false);
  ASSERT_TRUE(remove_snapshot(place(&counts)));
  for (int at = 0; at < counts.calls(); ++at) {
    ASSERT_TRUE(memory_.write(place()).has_value());
    std::ofstream(place().path + ".new") << "of somebody";
    const FailingDisk disk(at, DiskAnswer::broken, false);
    const bool removed = remove_snapshot(place(&disk));
    EXPECT_EQ(removed, files() == 0 && disk.failed() != DiskStep::sync) << at;
    EXPECT_TRUE(remove_snapshot(place()));
    EXPECT_EQ(files(), 0u);
  }
}

TEST_F(SnapshotFileTest, NoSuchFolder) {
  SnapshotPlace nowhere;
  nowhere.path = folder_.path() + "/missing/memory";
  const auto done = memory_.write(nowhere);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error(), WriteFault::disk);
}

}  // namespace
}  // namespace timeline
