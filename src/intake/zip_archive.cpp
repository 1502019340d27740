#include "intake/zip_archive.h"

#include <zip.h>

#include "base/check.h"

namespace intake {

struct ZipArchive::Handle {
  explicit Handle(zip_t* opened) : zip(opened) {}
  ~Handle() { zip_discard(zip); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  zip_t* zip;
};

struct ZipEntry::Handle {
  explicit Handle(zip_file_t* opened) : file(opened) {}
  ~Handle() { zip_fclose(file); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  zip_file_t* file;
  std::uint64_t bytes_told = 0;
  std::uint64_t bytes_packed = 0;
  std::uint64_t bytes_max = 0;

  bool is_too_big(std::uint64_t bytes) const {
    const bool endless = bytes > kUnpackedFreeBytes && bytes / kUnpackedRatioMax > bytes_packed;
    return bytes > bytes_max || endless;
  }
};

ZipEntry::ZipEntry(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}

ZipEntry::~ZipEntry() = default;

std::uint64_t ZipEntry::bytes_told() const { return handle_->bytes_told; }

base::Result<std::size_t, FormFault> ZipEntry::read(std::span<char> bytes) {
  const zip_int64_t count = zip_fread(handle_->file, bytes.data(), bytes.size());
  if (count < 0) return base::unexpected(FormFault::damaged);
  bytes_read_ += static_cast<std::uint64_t>(count);
  if (handle_->is_too_big(bytes_read_)) return base::unexpected(FormFault::too_big);
  return static_cast<std::size_t>(count);
}

ZipArchive::ZipArchive(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}

ZipArchive::~ZipArchive() = default;

base::Result<std::unique_ptr<ZipArchive>, FormFault> ZipArchive::open(const std::string& path) {
  int error = 0;
  zip_t* zip = zip_open(path.c_str(), ZIP_RDONLY, &error);
  if (zip == nullptr) return base::unexpected(FormFault::damaged);
  return std::unique_ptr<ZipArchive>(new ZipArchive(std::make_unique<Handle>(zip)));
}

base::Result<std::unique_ptr<ZipArchive>, FormFault> ZipArchive::of_bytes(std::string_view bytes) {
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
  CHECK(source != nullptr);
  zip_t* zip = zip_open_from_source(source, ZIP_RDONLY, nullptr);
  if (zip == nullptr) {
    zip_source_free(source);
    return base::unexpected(FormFault::damaged);
  }
  return std::unique_ptr<ZipArchive>(new ZipArchive(std::make_unique<Handle>(zip)));
}

bool ZipArchive::has(const std::string& name) const {
  return zip_name_locate(handle_->zip, name.c_str(), ZIP_FL_NOCASE) >= 0;
}

base::Result<std::unique_ptr<ZipEntry>, FormFault> ZipArchive::entry(const std::string& name,
                                                                     std::uint64_t bytes_max) {
  const zip_int64_t index = zip_name_locate(handle_->zip, name.c_str(), ZIP_FL_NOCASE);
  if (index < 0) return base::unexpected(FormFault::damaged);
  const auto place = static_cast<zip_uint64_t>(index);
  zip_stat_t stat;
  zip_stat_init(&stat);
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
  const bool known =
      zip_stat_index(handle_->zip, place, 0, &stat) == 0 && (stat.valid & kNeeded) == kNeeded;
  if (!known) return base::unexpected(FormFault::damaged);
  if (stat.encryption_method != ZIP_EM_NONE) return base::unexpected(FormFault::encrypted);
  zip_file_t* file = zip_fopen_index(handle_->zip, place, 0);
  if (file == nullptr) return base::unexpected(FormFault::damaged);
  auto handle = std::make_unique<ZipEntry::Handle>(file);
  handle->bytes_told = stat.size;
  handle->bytes_packed = stat.comp_size;
  handle->bytes_max = bytes_max;
  if (handle->is_too_big(stat.size)) return base::unexpected(FormFault::too_big);
  return std::make_unique<ZipEntry>(std::move(handle));
}

}  // namespace intake
