// Files on the disk as what is imported from and exported to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "intake/csv.h"

namespace intake {

enum class FileFault : std::uint8_t {
  not_found,
  not_readable,  // no permission, or a folder
  not_writable,  // no permission, no such folder
};
std::string_view code_of(FileFault fault);  // "intake.file_not_found", …

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

// A disk that fails while reading throws store::Failure{unavailable}.
class FileSource final : public ByteSource {
 public:
  [[nodiscard]] static base::Result<FileSource, FileFault> open(const std::string& path);

  std::size_t read(std::span<char> bytes) override;
  void rewind() override;
  std::uint64_t size_bytes() const override { return size_bytes_; }

 private:
  FileSource(OpenFile file, std::uint64_t size_bytes)
      : file_(std::move(file)), size_bytes_(size_bytes) {}

  OpenFile file_;
  std::uint64_t size_bytes_;
};

// Writes "PATH.part"; finish() gives it its name and replaces what had it, so that a file of that
// name is always whole. Without finish() the part goes away. A full disk throws
// store::Failure{full}.
class FileSink final : public ByteSink {
 public:
  [[nodiscard]] static base::Result<FileSink, FileFault> open(const std::string& path);
  FileSink(FileSink&&) = default;
  FileSink& operator=(FileSink&&) = delete;
  ~FileSink() override;

  void write(std::string_view bytes) override;
  void finish();

 private:
  FileSink(OpenFile file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  OpenFile file_;  // null when finished or moved from
  std::string path_;
};

}  // namespace intake
