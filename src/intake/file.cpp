#include "intake/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "store/failure.h"

namespace intake {
namespace {

constexpr mode_t kPrivate = 0600;  // customers' data

std::string part_of(const std::string& path) { return path + ".part"; }

[[noreturn]] void throw_lost(const char* what) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  throw store::Failure(full ? store::FailureKind::full : store::FailureKind::unavailable,
                       full ? "the disk is full: make room and export again" : std::string(what));
}

}  // namespace

std::string_view code_of(FileFault fault) {
  switch (fault) {
    case FileFault::not_found:
      return "intake.file_not_found";
    case FileFault::not_readable:
      return "intake.file_not_readable";
    case FileFault::not_writable:
      return "intake.file_not_writable";
  }
  base::unreachable();
}

base::Result<FileSource, FileFault> FileSource::open(const std::string& path) {
  OpenFile file(std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return base::unexpected(missing ? FileFault::not_found : FileFault::not_readable);
  }
  struct stat status = {};
  const bool regular = fstat(fileno(file.get()), &status) == 0 && S_ISREG(status.st_mode);
  if (!regular) return base::unexpected(FileFault::not_readable);
  return FileSource(std::move(file), static_cast<std::uint64_t>(status.st_size));
}

std::size_t FileSource::read(std::span<char> bytes) {
  const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), file_.get());
  if (count == 0 && std::ferror(file_.get()) != 0) {
    throw_lost("the file can no longer be read: look at its disk");
  }
  return count;
}

void FileSource::rewind() { std::rewind(file_.get()); }

base::Result<FileSink, FileFault> FileSink::open(const std::string& path) {
  const int handle =
      ::open(part_of(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kPrivate);
  if (handle < 0) return base::unexpected(FileFault::not_writable);
  OpenFile file(fdopen(handle, "wb"));
  CHECK(file != nullptr);
  return FileSink(std::move(file), path);
}

FileSink::~FileSink() {
  if (file_ == nullptr) return;
  file_.reset();
  unlink(part_of(path_).c_str());
}

void FileSink::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
    throw_lost("the file can no longer be written: look at its disk");
  }
}

void FileSink::finish() {
  const bool safe = std::fflush(file_.get()) == 0 && fsync(fileno(file_.get())) == 0 &&
                    rename(part_of(path_).c_str(), path_.c_str()) == 0;
  if (!safe) throw_lost("the file can no longer be written: look at its disk");
  file_.reset();
}

}  // namespace intake
