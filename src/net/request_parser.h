// HTTP's grammar read by Beast straight into a Request: no message of Beast's is made and copied.
// A part of http_connection.h and included by nothing else.
//
//   RequestParser parser(request);
//   parser.put(bytes, failure);      // as boost::beast::http::basic_parser tells
//
// Threads: one at a time. Borrows the request.
#pragma once

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"

namespace net {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(Request& request) : request_(request) {}

  // Of the head, once it is read: a target as set_target() takes it, and a Host where HTTP wants
  // one.
  bool is_fit() const {
    const bool host_is_fit = hosts_ == 1 || (hosts_ == 0 && version_ == 10);
    return host_is_fit && target_is_fit_;
  }
  // Another transfer encoding than chunked.
  bool is_encoded() const { return is_encoded_; }
  bool expects_continue() const { return expects_continue_; }

 private:
  using View = boost::beast::string_view;
  using Error = boost::beast::error_code;
  using Length = boost::optional<std::uint64_t>;

  void on_request_impl(boost::beast::http::verb, View method, View target, int version,
                       Error&) override {
    request_.method = method_named(std::string_view(method));
    target_is_fit_ = set_target(request_, std::string_view(target));
    version_ = version;
  }
  void on_field_impl(boost::beast::http::field field, View name, View value, Error&) override {
    using enum boost::beast::http::field;
    request_.headers.add(std::string_view(name), std::string_view(value));
    if (field == host) ++hosts_;
    if (field == transfer_encoding && !boost::beast::iequals(value, "chunked")) is_encoded_ = true;
    if (field == expect && boost::beast::iequals(value, "100-continue")) expects_continue_ = true;
  }
  std::size_t on_body_impl(View bytes, Error&) override {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, Error& failure) override {
    return on_body_impl(bytes, failure);
  }

  void on_response_impl(int, View, int, Error&) override {}
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const Length&, Error&) override {}
  void on_chunk_header_impl(std::uint64_t, View, Error&) override {}
  void on_finish_impl(Error&) override {}

  Request& request_;
  std::size_t hosts_ = 0;
  int version_ = 0;
  bool target_is_fit_ = false;
  bool is_encoded_ = false;
  bool expects_continue_ = false;
};

}  // namespace net
