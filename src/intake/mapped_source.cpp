#include "intake/mapped_source.h"

#include <algorithm>
#include <cstring>

#include "intake/column_guess.h"

namespace intake {

base::Result<void, MappingError> MappedSource::open() {
  file_.rewind();
  auto rows = MappedRows::open(file_, mapping_, means_);
  if (!rows) return base::unexpected(std::move(rows.error()));
  rows_ = std::move(*rows);
  text_.clear();
  at_ = 0;
  next_line_ = 1;
  made_bytes_ = 0;
  starts_.clear();
  origin_.reset();
  append(rows_->header());
  return {};
}

void MappedSource::append(std::vector<std::string> fields) {
  // Reading takes away the apostrophe that is not the cell's.
  for (std::string& field : fields) {
    if (field.starts_with('\'')) field = guarded(field);
  }
  const std::string line = csv_line(fields);
  next_line_ += std::ranges::count(line, '\n');
  made_bytes_ += line.size();
  text_ += line;
}

std::size_t MappedSource::read(std::span<char> bytes) {
  if (rows_ == nullptr) return 0;
  if (at_ == text_.size()) {
    text_.clear();
    at_ = 0;
    MappedRow row;
    while (text_.size() < bytes.size() && rows_->next(row)) {
      starts_.push_back({next_line_, row.line, row.origin});
      row.fields.resize(rows_->header().size());
      append(std::move(row.fields));
    }
    if (text_.empty()) size_bytes_ = made_bytes_;
  }
  const std::size_t count = std::min(bytes.size(), text_.size() - at_);
  std::memcpy(bytes.data(), text_.data() + at_, count);
  at_ += count;
  return count;
}

void MappedSource::rewind() {
  // What could be opened once is opened again: the file is the same.
  if (auto opened = open(); !opened) rows_.reset();
}

std::uint64_t MappedSource::size_bytes() const {
  const std::uint64_t known = size_bytes_;
  return known > 0 ? known : file_.size_bytes();
}

std::int64_t MappedSource::line_of(std::int64_t line) {
  while (starts_.size() > 1 && starts_[1].line <= line) starts_.pop_front();
  if (starts_.empty() || starts_.front().line > line) {
    origin_.reset();
    return line;
  }
  origin_ = starts_.front().origin;
  return starts_.front().shown;
}

MappedNotes MappedSource::notes() const { return rows_ ? rows_->notes() : MappedNotes{}; }

std::map<std::string, base::ValueType> guessed_types(
    ByteSource& file, const Mapping& mapping, const base::Zone& zone,
    const std::function<bool(std::string_view name)>& is_known) {
  std::map<std::string, ColumnGuess> guesses;
  for (const MappedColumn& column : mapping.columns) {
    const bool is_value = column.as == ColumnUse::attribute || column.as == ColumnUse::property;
    if (is_value && !column.type && !is_known(column.name)) guesses[column.name];
  }
  if (guesses.empty()) return {};
  file.rewind();
  auto rows = MappedRows::open(file, mapping, {zone});
  if (!rows) return {};
  const std::vector<std::string>& header = (*rows)->header();
  for (MappedRow row; (*rows)->next(row);) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      const auto guess = guesses.find(header[i]);
      if (guess != guesses.end()) guess->second.add(row.fields[i]);
    }
  }
  std::map<std::string, base::ValueType> types;
  for (const auto& [name, guess] : guesses) types.emplace(name, guess.type());
  return types;
}

base::Result<MappedPreview, MappingError> preview_of(ByteSource& file, const Mapping& mapping,
                                                     const MappedMeans& means,
                                                     std::size_t rows_max) {
  file.rewind();
  auto rows = MappedRows::open(file, mapping, means);
  if (!rows) return base::unexpected(std::move(rows.error()));
  MappedPreview preview;
  preview.header = (*rows)->header();
  for (MappedRow row; (*rows)->next(row);) {
    const RowOrigin& origin = *row.origin;
    if (origin.fault.empty()) {
      ++preview.made;
      if (preview.rows.size() < rows_max) preview.rows.push_back(std::move(row));
      continue;
    }
    ++preview.unusable_counts[origin.fault];
    if (preview.unusable.size() < kLeftOutListedMax) {
      preview.unusable.push_back(
          {row.line, origin.fault_at.number, origin.fault_at.name, origin.fault});
    }
  }
  preview.notes = (*rows)->notes();
  return preview;
}

}  // namespace intake
