#include "benchmark/peer_tables.h"

#include <charconv>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

namespace bench {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

class CsvFile {
 public:
  explicit CsvFile(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    buffer_.reserve(kBufferBytes);
  }
  void row(std::initializer_list<std::int64_t> cells) {
    for (const std::int64_t cell : cells) {
      number(cell);
      buffer_ += ',';
    }
    buffer_.back() = '\n';
    if (buffer_.size() > kBufferBytes - 200) flush();
  }
  void text_row(std::initializer_list<std::string_view> cells) {
    for (const std::string_view cell : cells) {
      buffer_ += cell;
      buffer_ += ',';
    }
    buffer_.back() = '\n';
    if (buffer_.size() > kBufferBytes - 200) flush();
  }
  void close() {
    flush();
    file_.close();
    if (!file_) throw std::runtime_error("cannot write " + path_);
  }

 private:
  void number(std::int64_t value) {
    char digits[24];
    const auto written = std::to_chars(std::begin(digits), std::end(digits), value);
    buffer_.append(std::begin(digits), written.ptr);
  }
  void flush() {
    file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }

  std::string path_;
  std::ofstream file_;
  std::string buffer_;
};

void write_spans(CsvFile& file, std::uint32_t customer, const std::vector<Since>& changes) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes[i].value == 0) continue;
    const std::int64_t until = i + 1 < changes.size() ? changes[i + 1].since.ms : kForever;
    file.row({customer, changes[i].since.ms, until});
  }
}

void write_customers(const Workload& workload, const std::string& folder) {
  CsvFile customers(folder + "/customers.csv");
  CsvFile levels(folder + "/levels.csv");
  CsvFile vip(folder + "/vip.csv");
  CsvFile marketing(folder + "/marketing.csv");
  for (std::uint32_t number = 1; number <= workload.sizes().customers; ++number) {
    const Customer customer = workload.customer(number);
    const base::Date& birthday = customer.birthday;
    customers.row({number, customer.city, birthday.year, birthday.month, birthday.day});
    for (const Since& level : customer.levels) levels.row({number, level.since.ms, level.value});
    write_spans(vip, number, customer.vip);
    write_spans(marketing, number, customer.marketing);
  }
  for (CsvFile* file : {&customers, &levels, &vip, &marketing}) file->close();
}

}  // namespace

void write_peer_tables(const Workload& workload, std::span<const Event> events,
                       const std::string& folder) {
  write_customers(workload, folder);
  CsvFile file(folder + "/events.csv");
  for (const Event& event : events) {
    file.row({event.customer(), event.time().ms, event.name(), event.channel(), event.sku(),
              event.amount()});
  }
  file.close();
}

void write_import_file(std::span<const Event> events, const std::string& path) {
  CsvFile file(path);
  file.text_row({"customer", "event", "time", "channel:text", "sku:text", "amount:money"});
  for (const Event& event : events) {
    file.text_row({std::to_string(event.customer()), kEventNames[event.name()],
                   std::to_string(event.time().ms), kChannels[event.channel()],
                   event.sku() == 0 ? "" : sku_name(event.sku()),
                   event.amount() == 0 ? "" : yuan_of(event.amount())});
  }
  file.close();
}

std::string yuan_of(std::uint32_t cents) {
  std::string text = std::to_string(cents / 100) + '.';
  text += static_cast<char>('0' + cents / 10 % 10);
  text += static_cast<char>('0' + cents % 10);
  return text;
}

std::string sku_name(std::uint32_t sku) { return "sku-" + std::to_string(sku); }

}  // namespace bench
