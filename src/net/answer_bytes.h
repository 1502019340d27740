// An answer as HTTP/1.1 sends it: status line, fields, empty line, body.
//
// One of them makes the bytes of one answer after the other, in the same room.
//
// Threads: one at a time.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "net/http.h"

namespace net {

// Bodies up to this size are copied behind their head, to be written in one piece.
inline constexpr std::size_t kJoinedBodyBytesMax = 16 * 1024;

// What of an answer is the server's.
struct AnswerOptions {
  std::string_view date = {};  // the field Date; "": without
  bool keep_open = true;       // false: Connection: close
  bool to_head = false;        // of a HEAD request: the length of the body, and no body
};

class AnswerBytes {
 public:
  using Parts = std::array<std::string_view, 2>;

  // A body that is not copied stays the response's, which must outlive the parts. Names and values
  // of fields must be fit for a header (checked, aborts).
  void compose(const Response& response, const AnswerOptions& options);

  // What is not written yet; each may be empty.
  const Parts& parts() const { return parts_; }
  bool empty() const { return parts_[0].empty() && parts_[1].empty(); }
  // So many bytes have been written.
  void consume(std::size_t count);

 private:
  void append_number(std::size_t number);
  void append_field(std::string_view name, std::string_view value);

  std::string joined_;
  Parts parts_;
};

}  // namespace net
