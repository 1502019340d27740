// Somebody's file through a mapping as the CSV text that the importers read, so that there is one
// way to import. Lines and columns of what is wrong are those of the file.
//
//   MappedSource source(file, mapping, means);
//   if (auto opened = source.open(); !opened) return code_of(opened.error().fault);
//   import_customers(import_means, source, request);
//   source.notes();                     // of the last reading, once it has ended
//
// Borrows file and zone. One thread at a time, as its readers are.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "intake/csv.h"
#include "intake/mapped_rows.h"
#include "intake/mapping.h"

namespace intake {

class MappedSource final : public ByteSource {
 public:
  MappedSource(ByteSource& file, Mapping mapping, const MappedMeans& means)
      : file_(file), mapping_(std::move(mapping)), means_(means) {}

  [[nodiscard]] base::Result<void, MappingError> open();

  std::size_t read(std::span<char> bytes) override;
  void rewind() override;
  std::uint64_t size_bytes() const override;
  std::int64_t line_of(std::int64_t line) override;
  const RowOrigin* origin() const override { return origin_.get(); }
  std::optional<char> separator() const override { return ','; }
  std::optional<FormFault> fault() const override { return file_.fault(); }

  const Mapping& mapping() const { return mapping_; }
  MappedNotes notes() const;

 private:
  struct Start {
    std::int64_t line;  // of the text
    std::int64_t shown;
    std::shared_ptr<const RowOrigin> origin;
  };

  void append(std::vector<std::string> fields);

  ByteSource& file_;
  Mapping mapping_;
  MappedMeans means_;
  std::unique_ptr<MappedRows> rows_;
  std::string text_;  // made and not yet read
  std::size_t at_ = 0;
  std::int64_t next_line_ = 1;  // of what is made next
  std::deque<Start> starts_;    // the first is of the line that was asked for last, or behind it
  std::shared_ptr<const RowOrigin> origin_;
  std::uint64_t made_bytes_ = 0;
  std::atomic<std::uint64_t> size_bytes_ = 0;  // once the end was reached
};

// What the attributes and properties hold that the mapping gives no type, from all their cells, as
// the importers find it out: for MappedMeans. `is_known`: names that have a type already, which the
// importers keep to. Reads the whole file when there is any. Empty for a mapping that does not fit.
std::map<std::string, base::ValueType> guessed_types(
    ByteSource& file, const Mapping& mapping, const base::Zone& zone,
    const std::function<bool(std::string_view name)>& is_known);

// What a mapping makes of a file, without writing anything.
inline constexpr std::size_t kPreviewRowsMax = 100;

struct MappedPreview {
  std::vector<std::string> header;  // as the importers read it
  std::vector<MappedRow> rows;      // the first that are of use
  std::int64_t made = 0;            // all of them
  MappedNotes notes;
  std::map<std::string_view, std::int64_t> unusable_counts;  // rows by code
  std::vector<LeftOut> unusable;                             // the first kLeftOutListedMax
};
// Reads the whole file, from its beginning.
[[nodiscard]] base::Result<MappedPreview, MappingError> preview_of(ByteSource& file,
                                                                   const Mapping& mapping,
                                                                   const MappedMeans& means,
                                                                   std::size_t rows_max);

}  // namespace intake
