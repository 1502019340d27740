// The request that a connection is reading: what has arrived of it, read as far as it goes and held
// against the limits. A part of http_connection.h and included by nothing else.
//
//   begin() -> read_head() … complete -> reserve_body() -> read_body() … complete -> end()
//
// Threads: one at a time. Borrows what connections share.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "net/connection_shared.h"
#include "net/http.h"
#include "net/read_buffer.h"
#include "net/request_parser.h"

namespace net {

inline constexpr std::size_t kBodyReadBytes = 64 * 1024;

class IncomingRequest {
 public:
  enum class Reading : std::uint8_t {
    incomplete,  // more has to arrive
    complete,
    refused  // refusal() says why
  };

  explicit IncomingRequest(Shared& shared) : shared_(shared) {}

  // Bytes of it and of those behind it.
  ReadBuffer& buffer() { return buffer_; }
  Request& request() { return request_; }
  Refusal refusal() const { return refusal_; }
  // The peer's wish; of a request whose head is complete.
  bool keep_alive() const { return keep_alive_; }
  bool is_head() const { return is_head_; }

  void begin() {
    parser_.emplace(request_);
    parser_->header_limit(static_cast<std::uint32_t>(limits().header_bytes_max));
    parser_->body_limit(boost::none);  // see reserve_body()
    is_head_ = false;
    ++number_;
  }
  // Of the requests of the connection.
  std::uint64_t number() const { return number_; }

  Reading read_head() {
    Error failure;
    parse(failure);
    if (failure == boost::beast::http::error::need_more) return Reading::incomplete;
    if (failure) return refused_by(failure);
    keep_alive_ = parser_->keep_alive();
    is_head_ = request_.method == Method::head;
    parser_->eager(true);
    if (!parser_->is_fit()) return refused(Refusal::bad_request);
    if (parser_->is_encoded()) return refused(Refusal::transfer_encoding);
    return Reading::complete;
  }

  // Of more than may come from anybody, or of a length that is not told.
  bool is_large() const {
    const auto length = parser_->content_length();
    return parser_->chunked() || (length && *length > limits().body_bytes_max);
  }
  bool expects_continue() const { return !parser_->is_done() && parser_->expects_continue(); }

  // Before a byte of the body is read: room for it, of what all connections have.
  Reading reserve_body(std::size_t body_bytes_max) {
    const auto length = parser_->content_length();
    if (length && *length > body_bytes_max) return refused(Refusal::body_too_large);
    parser_->body_limit(body_bytes_max);
    std::size_t held = 0;
    if (parser_->chunked()) held = body_bytes_max;
    if (length) held = static_cast<std::size_t>(*length);
    if (held > 0 && !shared_.bodies.take(held)) return refused(Refusal::too_busy);
    reserved_bytes_ = held;
    if (length) request_.body.reserve(held);
    return parser_->is_done() ? Reading::complete : Reading::incomplete;
  }

  Reading read_body() {
    Error failure;
    while (!parser_->is_done() && !buffer_.empty() && !failure) parse(failure);
    if (parser_->is_done()) return Reading::complete;
    if (failure && failure != boost::beast::http::error::need_more) return refused_by(failure);
    return Reading::incomplete;
  }
  // How much to read at once of what is left of the body.
  std::size_t bytes_wanted() const {
    const auto left = parser_->content_length_remaining();
    return left && *left <= kReadBytes ? kReadBytes : kBodyReadBytes;
  }

  // It was answered, or nobody will: its room is given back.
  void end() {
    shared_.bodies.give_back(std::exchange(reserved_bytes_, 0));
    request_ = Request{};
  }

 private:
  using Error = boost::system::error_code;

  const HttpLimits& limits() const { return shared_.options.limits; }

  void parse(Error& failure) {
    const std::string_view bytes = buffer_.bytes();
    buffer_.consume(parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), failure));
  }

  Reading refused(Refusal refusal) {
    refusal_ = refusal;
    return Reading::refused;
  }
  Reading refused_by(const Error& failure) {
    if (failure == boost::beast::http::error::header_limit)
      return refused(Refusal::header_too_large);
    if (failure == boost::beast::http::error::body_limit) return refused(Refusal::body_too_large);
    return refused(Refusal::bad_request);
  }

  Shared& shared_;
  ReadBuffer buffer_;
  Request request_;
  std::optional<RequestParser> parser_;  // into request_
  std::uint64_t number_ = 0;
  std::size_t reserved_bytes_ = 0;
  Refusal refusal_{};
  bool keep_alive_ = false;
  bool is_head_ = false;
};

}  // namespace net
