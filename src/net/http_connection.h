// One connection of the server: reads requests, has them handled, writes the answers. A part of
// http_server.cpp and included by nothing else: Beast and coroutines stay in one translation unit.
//
// g++ 12 miscompiles `co_await` inside ?: and aggregate temporaries as arguments of coroutines:
// every coroutine here is a member without parameters of class type, its state lies in members, and
// each co_await is a statement of its own.
//
// Threads: everything but stop_idle(), abort(), call_job() and end_later() runs on the connection's
// strand.
#pragma once

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "net/connection_shared.h"
#include "net/http_server.h"
#include "net/later.h"
#include "net/peer_watch.h"

namespace net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Error = boost::system::error_code;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

inline constexpr std::size_t kLingerBytesMax = 1024 * 1024;
inline constexpr std::chrono::milliseconds kCancelAgain{10};

inline std::chrono::milliseconds chrono_of(base::Duration duration) {
  return std::chrono::milliseconds(duration.ms);
}

inline bool is_fit_for_header(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

class AnyConnection {
 public:
  virtual ~AnyConnection() = default;
  // From any thread. `stop_idle` ends a connection between requests or within a header, `abort`
  // any.
  virtual void stop_idle() = 0;
  virtual void abort() = 0;
};

enum class Phase : std::uint8_t { idle, header, body, handler, write, linger };

template <typename Protocol>
class Connection final : public AnyConnection,
                         public std::enable_shared_from_this<Connection<Protocol>> {
 public:
  Connection(Shared& shared, typename Protocol::socket socket)
      : shared_(shared),
        limits_(shared.options.limits),
        socket_(std::move(socket)),
        deadline_(socket_.get_executor()),
        job_ended_(socket_.get_executor(), asio::steady_timer::time_point::max()),
        buffer_(limits_.header_bytes_max + 4 * kReadBytes),
        watch_({socket_, buffer_, job_ended_, shared_.gone}) {}

  // Serves requests until the connection ends; the caller keeps the object alive.
  asio::awaitable<void> serve() {
    name_peer();
    bool open = true;
    while (open) {
      if (shared_.stopping) break;
      co_await wait_for_request();
      if (error_ || shared_.stopping) break;
      co_await serve_one();
      open = keep_open_;
    }
    if (lingers_) co_await linger();
    Error ignored;
    socket_.close(ignored);
  }

  // One connection too many: says so and closes.
  asio::awaitable<void> refuse_all() {
    refuse(Refusal::too_busy);
    co_await write_answer();
    co_await linger();
    Error ignored;
    socket_.close(ignored);
  }

  void stop_idle() override {
    asio::post(socket_.get_executor(), [self = this->shared_from_this()] {
      if (self->phase_ == Phase::body || self->phase_ == Phase::handler) return;
      if (self->phase_ == Phase::write) return;
      Error ignored;
      self->socket_.cancel(ignored);
    });
  }

  void abort() override {
    asio::post(socket_.get_executor(), [self = this->shared_from_this()] {
      Error ignored;
      self->socket_.close(ignored);
    });
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  auto into_error() { return asio::redirect_error(asio::use_awaitable, error_); }

  void name_peer() {
    if constexpr (std::is_same_v<Protocol, Tcp>) {
      Error failure;
      const auto peer = socket_.remote_endpoint(failure);
      if (!failure) remote_ = peer.address().to_string();
      socket_.set_option(Tcp::no_delay(true), failure);
    } else {
      remote_ = "local";
    }
  }

  // Cancels what the socket does when `limit` is over, until disarm().
  void arm(base::Duration limit) {
    timed_out_ = false;
    ++armed_;
    wait_deadline(chrono_of(limit));
  }

  void disarm() {
    ++armed_;
    deadline_.cancel();
  }

  void wait_deadline(std::chrono::milliseconds wait) {
    deadline_.expires_after(wait);
    deadline_.async_wait([self = this->shared_from_this(), armed = armed_](Error failure) {
      if (failure || armed != self->armed_) return;
      self->timed_out_ = true;
      Error ignored;
      self->socket_.cancel(ignored);
      // A read that has just ended in a composed operation escapes the cancel: the next does not.
      self->wait_deadline(kCancelAgain);
    });
  }

  asio::awaitable<void> wait_for_request() {
    phase_ = Phase::idle;
    error_ = {};
    if (buffer_.size() > 0) co_return;  // pipelined
    arm(limits_.idle_time_max);
    auto space = buffer_.prepare(kReadBytes);
    const std::size_t count = co_await socket_.async_read_some(space, into_error());
    disarm();
    buffer_.commit(count);
  }

  asio::awaitable<void> serve_one() {
    keep_open_ = false;
    reserved_bytes_ = 0;
    request_ = Request{};
    co_await read_header();
    if (!abandoned_ && !refused_) co_await admit_body();
    if (!abandoned_ && !refused_) co_await read_body();
    if (!abandoned_ && !refused_) co_await handle();
    shared_.bodies.give_back(reserved_bytes_);
    request_ = Request{};
    if (abandoned_) co_return;
    co_await write_answer();
  }

  asio::awaitable<void> read_header() {
    phase_ = Phase::header;
    abandoned_ = false;
    refused_ = false;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max));
    parser_->body_limit(boost::none);  // looked at below, once the head is known
    arm(limits_.header_time_max);
    co_await http::async_read_header(socket_, buffer_, *parser_, into_error());
    disarm();
    if (error_) {
      if (!timed_out_ && is_end_of_connection()) {
        abandoned_ = true;
      } else {
        refuse(refusal_of_error());
      }
      co_return;
    }
    take_head();
  }

  // The peer went away, or stop() cancelled: nobody waits for an answer.
  bool is_end_of_connection() const {
    return error_ == http::error::end_of_stream || error_ == asio::error::operation_aborted ||
           error_.category() == boost::system::system_category();
  }

  Refusal refusal_of_error() const {
    if (timed_out_) return Refusal::request_timeout;
    if (error_ == http::error::header_limit || error_ == http::error::buffer_overflow) {
      return Refusal::header_too_large;
    }
    if (error_ == http::error::body_limit) return Refusal::body_too_large;
    return Refusal::bad_request;
  }

  void take_head() {
    const auto& message = parser_->get();
    keep_alive_ = message.keep_alive();
    request_.method = method_named(std::string_view(message.method_string()));
    request_.remote = remote_;
    request_.local = std::is_same_v<Protocol, Local>;
    request_.takes_later = true;
    for (const auto& field : message) {
      request_.headers.add(std::string_view(field.name_string()), std::string_view(field.value()));
    }
    const std::size_t hosts = message.count(http::field::host);
    const bool host_is_fit = hosts == 1 || (hosts == 0 && message.version() == 10);
    if (!host_is_fit || !set_target(request_, std::string_view(message.target()))) {
      refuse(Refusal::bad_request);
      return;
    }
    const auto encoding = message[http::field::transfer_encoding];
    if (!encoding.empty() && !beast::iequals(encoding, "chunked")) {
      refuse(Refusal::transfer_encoding);
    }
  }

  // Decides, before a byte of it is read, whether the body may come.
  asio::awaitable<void> admit_body() {
    admission_ = Admission{limits_.body_bytes_max};
    const auto length = parser_->content_length();
    const bool is_large = parser_->chunked() || (length && *length > limits_.body_bytes_max);
    if (is_large && shared_.options.admit_body) {
      job_ = &Connection::ask_admission;
      co_await run_job();
      if (job_refusal_) {
        refuse(*job_refusal_);
      } else if (admission_.refusal) {
        refuse_with(std::move(*admission_.refusal));
      }
      if (refused_) co_return;
    }
    reserve_body();
  }

  void reserve_body() {
    const auto length = parser_->content_length();
    if (length && *length > admission_.body_bytes_max) {
      refuse(Refusal::body_too_large);
      return;
    }
    parser_->body_limit(admission_.body_bytes_max);
    std::size_t held = 0;
    if (parser_->chunked()) held = admission_.body_bytes_max;
    if (length) held = static_cast<std::size_t>(*length);
    if (held == 0) return;
    if (!shared_.bodies.take(held)) {
      refuse(Refusal::too_busy);
      return;
    }
    reserved_bytes_ = held;
  }

  asio::awaitable<void> read_body() {
    if (parser_->is_done()) co_return;
    phase_ = Phase::body;
    arm(limits_.body_time_max);
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      auto bytes = asio::buffer(kContinue.data(), kContinue.size());
      co_await asio::async_write(socket_, bytes, into_error());
    }
    if (!error_) co_await http::async_read(socket_, buffer_, *parser_, into_error());
    disarm();
    if (!error_) {
      request_.body = std::move(parser_->get().body());
    } else if (!timed_out_ && is_end_of_connection()) {
      abandoned_ = true;
    } else {
      refuse(refusal_of_error());
    }
  }

  asio::awaitable<void> handle() {
    job_ = &Connection::ask_handler;
    watch_.open();
    request_.watch_sender = [this] { return watch_.begin(this->shared_from_this()); };
    co_await run_job();
    if (job_refusal_) {
      answer_with(*job_refusal_);
    } else {
      ++shared_.answered;
    }
  }

  void ask_admission() { admission_ = shared_.options.admit_body(request_); }
  void ask_handler() { answer_ = shared_.options.handle(request_); }

  // Has job_ done by a thread of the pool and waits for it; job_refusal_: why it was not done.
  asio::awaitable<void> run_job() {
    phase_ = Phase::handler;
    job_done_ = false;
    job_refusal_.reset();
    const bool queued =
        shared_.pool.submit([self = this->shared_from_this()] { self->call_job(); });
    if (!queued) {
      job_refusal_ = Refusal::too_busy;
      co_return;
    }
    while (!job_done_ || watch_.reading()) {
      job_ended_.expires_at(asio::steady_timer::time_point::max());
      co_await job_ended_.async_wait(into_error());
    }
    error_ = {};
  }

  // On a thread of the pool; the coroutine waits and touches neither request nor answer, until
  // end_job() or, where the answer comes later, somebody else calls end_later().
  void call_job() {
    bool failed = false;
    try {
      (this->*job_)();
    } catch (const std::exception& exception) {
      failed = true;
      shared_.report(exception.what());
    } catch (...) {
      failed = true;
      shared_.report("A request handler threw something that is no exception.");
    }
    const auto self = this->shared_from_this();
    if (!failed && answer_.later != nullptr) {
      const auto later = std::exchange(answer_.later, nullptr);
      later->on_answer([self](Response answer) { self->end_later(std::move(answer)); });
      return;
    }
    asio::post(socket_.get_executor(), [self, failed] {
      if (failed) self->job_refusal_ = Refusal::handler_failed;
      self->end_job();
    });
  }

  void end_later(Response answer) {
    asio::post(socket_.get_executor(),
               [self = this->shared_from_this(), answer = std::move(answer)]() mutable {
                 self->answer_ = with_headers_of(std::move(answer), self->answer_);
                 self->end_job();
               });
  }

  void end_job() {
    job_done_ = true;
    watch_.close();
    job_ended_.cancel();
  }

  // The request was read to its end: the connection may go on.
  void answer_with(Refusal refusal) {
    ++shared_.refused;
    answer_ = shared_.options.refuse ? shared_.options.refuse(refusal) : response_of(refusal);
  }

  void refuse(Refusal refusal) {
    answer_with(refusal);
    close_after_answer();
  }

  void refuse_with(Response answer) {
    ++shared_.refused;
    answer_ = std::move(answer);
    close_after_answer();
  }

  void close_after_answer() {
    refused_ = true;
    lingers_ = true;
  }

  asio::awaitable<void> write_answer() {
    phase_ = Phase::write;
    const bool fixed = !answer_.fixed_body.empty();
    const std::string_view bytes = fixed ? answer_.fixed_body : std::string_view(answer_.body);
    const bool is_head = request_method_is_head();
    const bool has_no_body = answer_.status == 204 || answer_.status == 304;

    http::response<http::span_body<const char>> message;
    message.version(11);
    message.result(static_cast<unsigned>(answer_.status));
    message.reason(std::string(reason_of(answer_.status)));
    for (const Headers::Field& field : answer_.headers.fields()) {
      CHECK(is_fit_for_header(field.name) && is_fit_for_header(field.value));
      message.insert(field.name, field.value);
    }
    if (shared_.options.clock != nullptr) {
      message.set(http::field::date, http_date(shared_.options.clock->now()));
    }
    keep_open_ = keep_alive_ && !refused_ && !shared_.stopping;
    message.keep_alive(keep_open_);
    if (!has_no_body) message.content_length(bytes.size());
    if (!is_head && !has_no_body) message.body() = {bytes.data(), bytes.size()};

    error_ = {};
    arm(limits_.write_time_max);
    http::response_serializer<http::span_body<const char>> serializer(message);
    if (is_head || has_no_body) {
      co_await http::async_write_header(socket_, serializer, into_error());
    } else {
      co_await http::async_write(socket_, serializer, into_error());
    }
    disarm();
    answer_ = Response{};
    if (error_) {
      keep_open_ = false;
      lingers_ = false;
    }
  }

  bool request_method_is_head() const {
    return parser_ && parser_->is_header_done() && parser_->get().method() == http::verb::head;
  }

  // Reads on for a while: closing with unread bytes would reset the connection, and the peer might
  // never see the answer.
  asio::awaitable<void> linger() {
    phase_ = Phase::linger;
    Error ignored;
    socket_.shutdown(Protocol::socket::shutdown_send, ignored);
    buffer_.clear();
    arm(limits_.linger_time_max);
    std::size_t left = kLingerBytesMax;
    error_ = {};
    while (!error_ && !timed_out_ && left > 0 && !shared_.stopping) {
      auto space = buffer_.prepare(kReadBytes);
      const std::size_t count = co_await socket_.async_read_some(space, into_error());
      left -= std::min(left, count);
    }
    disarm();
  }

  Shared& shared_;
  const HttpLimits& limits_;
  typename Protocol::socket socket_;
  asio::steady_timer deadline_;
  asio::steady_timer job_ended_;
  beast::flat_buffer buffer_;
  PeerWatch<Protocol> watch_;
  std::optional<Parser> parser_;
  Request request_;
  Admission admission_;
  Response answer_;
  void (Connection::*job_)() = nullptr;  // what run_job() has done
  std::optional<Refusal> job_refusal_;
  std::string remote_;
  Error error_;
  std::uint64_t armed_ = 0;
  std::size_t reserved_bytes_ = 0;
  Phase phase_ = Phase::idle;
  bool timed_out_ = false;
  bool keep_alive_ = false;  // the peer's wish
  bool keep_open_ = false;   // whether another request may follow
  bool abandoned_ = false;   // nobody waits for an answer
  bool refused_ = false;     // unread bytes are left: closed after the answer
  bool lingers_ = false;
  bool job_done_ = false;
};

}  // namespace net
