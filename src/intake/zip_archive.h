// Inside the module: reading single entries of a zip archive, within limits. libzip is named in
// zip_archive.cpp alone. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "intake/form.h"

namespace intake {

// One entry, unpacked as it is read.
class ZipEntry {
 public:
  struct Handle;
  explicit ZipEntry(std::unique_ptr<Handle> handle);
  ~ZipEntry();

  // Fills the front of `bytes` (never empty) and answers how many; 0 at the end. Errors: damaged;
  // too_big: more than was allowed, or more than kUnpackedRatioMax for each packed byte.
  [[nodiscard]] base::Result<std::size_t, FormFault> read(std::span<char> bytes);

  std::uint64_t bytes_read() const { return bytes_read_; }
  // As the archive says; nobody has checked it.
  std::uint64_t bytes_told() const;

 private:
  std::unique_ptr<Handle> handle_;
  std::uint64_t bytes_read_ = 0;
};

class ZipArchive {
 public:
  // Errors: damaged (no archive, or cut off).
  [[nodiscard]] static base::Result<std::unique_ptr<ZipArchive>, FormFault> open(
      const std::string& path);
  // Bytes in memory, which must outlive it.
  [[nodiscard]] static base::Result<std::unique_ptr<ZipArchive>, FormFault> of_bytes(
      std::string_view bytes);
  ~ZipArchive();

  // Names are compared without case, as spreadsheets do.
  bool has(const std::string& name) const;
  // Of at most bytes_max bytes; the archive must outlive it. Errors: damaged (there is none of that
  // name, or packed in a way nobody uses), encrypted, too_big.
  [[nodiscard]] base::Result<std::unique_ptr<ZipEntry>, FormFault> entry(const std::string& name,
                                                                         std::uint64_t bytes_max);

 private:
  struct Handle;
  explicit ZipArchive(std::unique_ptr<Handle> handle);

  std::unique_ptr<Handle> handle_;
};

}  // namespace intake
