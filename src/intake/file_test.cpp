#include "intake/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "store/failure.h"
#include "store/test_database.h"

namespace intake {
namespace {

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

std::string read(const std::string& path) {
  auto source = FileSource::open(path);
  if (!source) return std::string(code_of(source.error()));
  std::string piece(7, '\0');
  std::string out;
  for (std::size_t count = source->read(piece); count > 0; count = source->read(piece)) {
    out.append(piece, 0, count);
  }
  EXPECT_EQ(out.size(), source->size_bytes());
  source->rewind();
  EXPECT_EQ(source->read(piece), std::min<std::size_t>(7, out.size()));
  return out;
}

TEST(File, WritesWholeFilesOnly) {
  const store::TemporaryFolder folder;
  const std::string path = folder.path() + "/out.csv";
  {
    auto sink = FileSink::open(path);
    ASSERT_TRUE(sink.has_value());
    sink->write("lost");
    EXPECT_TRUE(exists(path + ".part"));
  }
  EXPECT_FALSE(exists(path));
  EXPECT_FALSE(exists(path + ".part"));
  auto sink = FileSink::open(path);
  ASSERT_TRUE(sink.has_value());
  sink->write("customer\r\n");
  sink->write("a\r\n");
  sink->finish();
  EXPECT_EQ(read(path), "customer\r\na\r\n");
  EXPECT_FALSE(exists(path + ".part"));
  auto again = FileSink::open(path);
  ASSERT_TRUE(again.has_value());
  again->write("b\r\n");
  EXPECT_EQ(read(path), "customer\r\na\r\n");
  again->finish();
  EXPECT_EQ(read(path), "b\r\n");
}

TEST(File, SaysWhatIsWrong) {
  const store::TemporaryFolder folder;
  EXPECT_EQ(read(folder.path() + "/none.csv"), "intake.file_not_found");
  EXPECT_EQ(read(folder.path()), "intake.file_not_readable");
  const auto sink = FileSink::open(folder.path() + "/none/out.csv");
  ASSERT_FALSE(sink.has_value());
  EXPECT_EQ(sink.error(), FileFault::not_writable);
}

TEST(File, TellsAFullDisk) {
  const store::TemporaryFolder folder;
  const std::string path = folder.path() + "/out.csv";
  ASSERT_EQ(symlink("/dev/full", (path + ".part").c_str()), 0);
  auto sink = FileSink::open(path);
  ASSERT_TRUE(sink.has_value());
  const std::string page(1 << 16, 'x');
  try {
    for (int i = 0; i < 10; ++i) sink->write(page);
    FAIL() << "a full disk was not noticed";
  } catch (const store::Failure& failure) {
    EXPECT_EQ(failure.kind(), store::FailureKind::full);
  }
}

}  // namespace
}  // namespace intake
