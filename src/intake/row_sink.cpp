#include "intake/row_sink.h"

#include "base/check.h"
#include "intake/xlsx_sink.h"

namespace intake {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kPageBytes = 64 * 1024;

// A date without a year (--05-17) is a sum to a spreadsheet. Numbers below zero stay numbers.
bool may_be_formula(base::ValueType type) {
  return type == base::ValueType::text || type == base::ValueType::text_list ||
         type == base::ValueType::date;
}

class CsvSink final : public RowSink {
 public:
  explicit CsvSink(ByteSink& out) : out_(out) {}

  void open(std::span<const SinkColumn> columns) override {
    columns_.assign(columns.begin(), columns.end());
    std::vector<std::string> header;
    for (const SinkColumn& column : columns_) header.push_back(guarded(column.header));
    page_ = kMark;
    page_ += csv_line(header);
  }
  void row(std::span<const std::string> fields) override {
    CHECK(fields.size() == columns_.size());
    fields_.assign(fields.begin(), fields.end());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (may_be_formula(columns_[i].type)) fields_[i] = guarded(fields_[i]);
    }
    page_ += csv_line(fields_);
    if (page_.size() >= kPageBytes) write();
  }
  void finish() override { write(); }

 private:
  void write() {
    out_.write(page_);
    page_.clear();
  }

  ByteSink& out_;
  std::vector<SinkColumn> columns_;
  std::vector<std::string> fields_;
  std::string page_;
};

}  // namespace

std::unique_ptr<RowSink> make_row_sink(FileForm form, ByteSink& out, const std::string& folder) {
  if (form == FileForm::xlsx) return std::make_unique<XlsxSink>(out, folder);
  return std::make_unique<CsvSink>(out);
}

}  // namespace intake
