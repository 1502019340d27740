#include "store/postgresql_connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.h"
#include "store/postgresql_result.h"

namespace store {
namespace {

// Why there is no connection, in the first line of libpq's words: it names host, user and database,
// never the password.
std::string reason_of(PGconn* handle) {
  const std::string_view words = handle == nullptr ? "no memory" : PQerrorMessage(handle);
  return std::string(words.substr(0, words.find('\n')));
}

void ignore_notice(void*, const PGresult*) {}

unsigned type_of(const Param& param) {
  if (std::holds_alternative<std::int64_t>(param)) return kBigintType;
  if (std::holds_alternative<std::string_view>(param)) return kTextType;
  if (std::holds_alternative<Blob>(param)) return kByteaType;
  return 0;
}

std::vector<unsigned> types_of(std::span<const Param> params) {
  std::vector<unsigned> types;
  types.reserve(params.size());
  for (const Param& param : params) types.push_back(type_of(param));
  return types;
}

// Of a column of parameters: what its first value is that is not null.
std::vector<unsigned> types_of_rows(std::span<const std::vector<Param>> rows) {
  std::vector<unsigned> types(rows.front().size(), 0);
  for (const std::vector<Param>& row : rows) {
    if (row.size() != types.size()) {
      throw Failure(FailureKind::misuse, "rows of one batch have different numbers of parameters");
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      const unsigned type = type_of(row[i]);
      if (types[i] == 0) types[i] = type;
      if (type != 0 && type != types[i]) {
        throw Failure(FailureKind::misuse, "a column of a batch holds two types of parameters");
      }
    }
  }
  return types;
}

// The highest n of the parameters $n in a text.
std::size_t count_params(std::string_view sql) {
  std::size_t highest = 0;
  for (std::size_t at = sql.find('$'); at != std::string_view::npos; at = sql.find('$', at + 1)) {
    std::size_t number = 0;
    std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
    highest = std::max(highest, number);
  }
  return highest;
}

// Parameters in PostgreSQL's binary form: integers most significant byte first, text and bytes as
// they are. Borrows the bytes of `params`.
class BinaryParams {
 public:
  explicit BinaryParams(std::span<const Param> params) : integers_(params.size()) {
    for (std::size_t i = 0; i < params.size(); ++i) add(params[i], integers_[i]);
  }
  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* sizes() const { return sizes_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const Param& param, std::array<char, 8>& integer) {
    if (const auto* number = std::get_if<std::int64_t>(&param)) {
      const auto bits = static_cast<std::uint64_t>(*number);
      for (std::size_t i = 0; i < 8; ++i) integer[i] = static_cast<char>(bits >> (56 - 8 * i));
      push({integer.data(), 8});
    } else if (const auto* text = std::get_if<std::string_view>(&param)) {
      if (text->find('\0') != std::string_view::npos) {
        throw Failure(FailureKind::misuse, "a text holds U+0000");
      }
      push(*text);
    } else if (const auto* blob = std::get_if<Blob>(&param)) {
      push(blob->bytes);
    } else {
      values_.push_back(nullptr);
      sizes_.push_back(0);
      formats_.push_back(1);
    }
  }
  void push(std::string_view bytes) {
    values_.push_back(bytes.empty() ? "" : bytes.data());  // a null pointer would be a null
    sizes_.push_back(static_cast<int>(bytes.size()));
    formats_.push_back(1);
  }

  std::vector<std::array<char, 8>> integers_;
  std::vector<const char*> values_;
  std::vector<int> sizes_;
  std::vector<int> formats_;
};

}  // namespace

PostgresqlConnection::PostgresqlConnection(const std::string& url) {
  // The url comes last: what the operator says in it counts.
  const std::array<const char*, 7> names = {"application_name",
                                            "connect_timeout",
                                            "keepalives_idle",
                                            "tcp_user_timeout",
                                            "client_encoding",
                                            "dbname",
                                            nullptr};
  const std::array<const char*, 7> values = {"siyu", "5",         "30",   "15000",
                                             "UTF8", url.c_str(), nullptr};
  handle_ = PQconnectdbParams(names.data(), values.data(), 1);
  try {
    if (PQstatus(handle_) != CONNECTION_OK) {
      throw Failure(FailureKind::unavailable,
                    "PostgreSQL cannot be reached: " + reason_of(handle_));
    }
    PQsetNoticeReceiver(handle_, ignore_notice, nullptr);
    // One that waits longer for a lock gives up; a unit that hangs lets go of its locks.
    control("SET lock_timeout = 5000; SET idle_in_transaction_session_timeout = 60000");
    control("SET timezone = 'UTC'; SET standard_conforming_strings = on; SET bytea_output = hex");
    // An answer is given after the commit is on disk, whatever the server's default.
    control(
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') = 'off'");
  } catch (...) {
    PQfinish(handle_);
    throw;
  }
}

PostgresqlConnection::~PostgresqlConnection() { PQfinish(handle_); }

bool PostgresqlConnection::usable() const {
  return PQstatus(handle_) == CONNECTION_OK && PQtransactionStatus(handle_) == PQTRANS_IDLE;
}

bool PostgresqlConnection::in_good_transaction() const {
  return PQtransactionStatus(handle_) == PQTRANS_INTRANS;
}

std::string PostgresqlConnection::control(const char* sql) {
  CHECK(!busy_);
  const ResultPtr result(PQexec(handle_, sql));
  require_success(result.get());
  return PQcmdStatus(result.get());
}

const std::string& PostgresqlConnection::prepared(std::string_view sql,
                                                  std::span<const unsigned> types) {
  std::string key(sql);
  for (const unsigned type : types) key.push_back(static_cast<char>(type));
  const auto found = prepared_.find(key);
  if (found != prepared_.end()) return found->second;
  // The server would take one too many.
  if (const std::size_t wanted = count_params(sql); wanted != types.size()) {
    throw Failure(FailureKind::misuse,
                  fmt::format("{} parameters given to a statement with {}", types.size(), wanted));
  }
  if (prepared_.size() >= kPreparedMax) {
    control("DEALLOCATE ALL");
    prepared_.clear();
  }
  std::string name = fmt::format("s{}", ++prepared_count_);
  const std::string text(sql);
  const ResultPtr result(
      PQprepare(handle_, name.c_str(), text.c_str(), static_cast<int>(types.size()), types.data()));
  require_success(result.get());
  return prepared_.emplace(std::move(key), std::move(name)).first->second;
}

void PostgresqlConnection::query(std::string_view sql, std::span<const Param> params,
                                 const std::function<void(const Row&)>& each) {
  CHECK(!busy_);
  if (deadline_ && std::chrono::steady_clock::now() > *deadline_) {
    throw Failure(FailureKind::timeout, "a read took longer than its limit");
  }
  const BinaryParams binary(params);
  const std::string& name = prepared(sql, types_of(params));
  if (PQsendQueryPrepared(handle_, name.c_str(), binary.count(), binary.values(), binary.sizes(),
                          binary.formats(), 0) != 1) {
    throw_postgresql_failure(nullptr);
  }
  PQsetSingleRowMode(handle_);
  busy_ = true;
  try {
    while (const ResultPtr result{PQgetResult(handle_)}) {
      if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
        each(PostgresqlRow(result.get(), 0));
      } else {
        require_success(result.get());
      }
    }
  } catch (...) {
    stop_query();
    throw;
  }
  busy_ = false;
  if (PQstatus(handle_) != CONNECTION_OK) throw_postgresql_failure(nullptr);
}

// Tells the server to stop, and reads what it still sends.
void PostgresqlConnection::stop_query() {
  if (PQtransactionStatus(handle_) == PQTRANS_ACTIVE) {
    if (PGcancel* cancel = PQgetCancel(handle_)) {
      std::array<char, 256> ignored{};
      PQcancel(cancel, ignored.data(), static_cast<int>(ignored.size()));
      PQfreeCancel(cancel);
    }
  }
  while (PGresult* result = PQgetResult(handle_)) PQclear(result);
  busy_ = false;
}

std::int64_t PostgresqlConnection::execute(std::string_view sql, std::span<const Param> params) {
  CHECK(!busy_);
  const BinaryParams binary(params);
  const std::string& name = prepared(sql, types_of(params));
  const ResultPtr result(PQexecPrepared(handle_, name.c_str(), binary.count(), binary.values(),
                                        binary.sizes(), binary.formats(), 0));
  require_success(result.get());
  return rows_changed(result.get());
}

std::int64_t PostgresqlConnection::execute_batch(std::string_view sql,
                                                 std::span<const std::vector<Param>> rows) {
  CHECK(!busy_);
  if (rows.empty()) return 0;
  const std::vector<unsigned> types = types_of_rows(rows);
  std::int64_t changed = 0;
  if (rows.size() >= kRowsOfInsert) {
    auto known = inserts_.find(std::string(sql));
    if (known == inserts_.end()) {
      if (inserts_.size() >= kPreparedMax) inserts_.clear();
      known = inserts_.emplace(std::string(sql), insert_of_rows(sql, kRowsOfInsert)).first;
    }
    if (known->second) changed += insert_rows(*known->second, types, rows);
  }
  if (rows.empty()) return changed;
  const std::string& name = prepared(sql, types);
  for (std::size_t begin = 0; begin < rows.size(); begin += kPipelinedMax) {
    changed += pipeline(name, rows.subspan(begin, std::min(kPipelinedMax, rows.size() - begin)));
  }
  return changed;
}

std::int64_t PostgresqlConnection::insert_rows(const RowInsert& insert,
                                               std::span<const unsigned> types,
                                               std::span<const std::vector<Param>>& rows) {
  std::vector<unsigned> all_types;
  for (std::size_t i = 0; i < kRowsOfInsert; ++i) {
    all_types.insert(all_types.end(), types.begin(), types.end());
  }
  std::vector<std::vector<Param>> together;
  for (; rows.size() >= kRowsOfInsert; rows = rows.subspan(kRowsOfInsert)) {
    std::vector<Param>& params = together.emplace_back();
    params.reserve(all_types.size());
    for (const std::vector<Param>& row : rows.first(kRowsOfInsert)) {
      params.insert(params.end(), row.begin(), row.end());
    }
  }
  const std::string& name = prepared(insert.sql, all_types);
  std::int64_t changed = 0;
  for (std::size_t begin = 0; begin < together.size(); begin += kPipelinedMax / kRowsOfInsert) {
    const std::size_t count = std::min(kPipelinedMax / kRowsOfInsert, together.size() - begin);
    changed += pipeline(name, std::span(together).subspan(begin, count));
  }
  return changed;
}

// Sends every row, then reads every answer. The first error is thrown once all were read.
std::int64_t PostgresqlConnection::pipeline(const std::string& name,
                                            std::span<const std::vector<Param>> rows) {
  std::vector<BinaryParams> binary;  // before the first is sent: it may throw
  binary.reserve(rows.size());
  for (const std::vector<Param>& row : rows) binary.emplace_back(row);

  bool sent = PQenterPipelineMode(handle_) == 1;
  for (std::size_t i = 0; sent && i < binary.size(); ++i) {
    sent = PQsendQueryPrepared(handle_, name.c_str(), binary[i].count(), binary[i].values(),
                               binary[i].sizes(), binary[i].formats(), 0) == 1;
  }
  if (!sent || PQpipelineSync(handle_) != 1) throw_postgresql_failure(nullptr);

  std::int64_t changed = 0;
  ResultPtr failed;
  while (PQstatus(handle_) == CONNECTION_OK) {
    ResultPtr result(PQgetResult(handle_));  // null: the end of one row's answer
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    // libpq drops a query's row-by-row mode between answers, not on entering the pipeline, so the
    // first answer behind a query may still come so. Its last result counts the rows.
    if (status == PGRES_SINGLE_TUPLE) continue;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      changed += rows_changed(result.get());
    } else if (result != nullptr && status != PGRES_PIPELINE_ABORTED && failed == nullptr) {
      failed = std::move(result);
    }
  }
  if (PQstatus(handle_) != CONNECTION_OK) throw_postgresql_failure(nullptr);
  PQexitPipelineMode(handle_);
  if (failed != nullptr) throw_postgresql_failure(failed.get());
  return changed;
}

}  // namespace store
