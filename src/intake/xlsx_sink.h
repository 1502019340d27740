// Inside the module: rows into an Excel workbook with steady memory. libxlsxwriter is named in
// xlsx_sink.cpp alone. intake/row_sink.h says what becomes of values. Not thread safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "intake/csv.h"
#include "intake/row_sink.h"

namespace intake {

inline constexpr std::size_t kCellUnitsMax = 32'767;  // of UTF-16, Excel's limit

class XlsxSink final : public RowSink {
 public:
  XlsxSink(ByteSink& out, const std::string& folder);
  ~XlsxSink() override;

  void open(std::span<const SinkColumn> columns) override;
  void row(std::span<const std::string> fields) override;
  void finish() override;
  std::int64_t cut_texts() const override { return cut_texts_; }

 private:
  struct Book;

  void add_sheet();
  void check_disk() const;
  void write_text(std::uint16_t column, std::string_view text);

  ByteSink& out_;
  std::unique_ptr<Book> book_;
  std::vector<SinkColumn> columns_;
  std::int64_t rows_ = 0;  // of the sheet, its header counted
  std::int64_t cut_texts_ = 0;
};

}  // namespace intake
