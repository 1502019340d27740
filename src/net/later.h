// An answer that somebody gives when it is known, so that no thread waits for it.
//
//   auto later = std::make_shared<net::Later>();
//   …                                   // somebody keeps it, and calls later->answer(response)
//   net::Response response;
//   response.later = later;             // what a handler returns
//
// Threads: any. Both sides come once each, in any order; each may be the last to let go of it.
// Whoever looks on stands on the side of who gets the answer.
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "net/http.h"

namespace net {

class Later {
 public:
  using Then = std::function<void(Response)>;

  // Once (CHECK). The response has no `later` of its own.
  void answer(Response response);

  // Once (CHECK): `then` gets the answer, at once if it is there, else on the thread that gives it.
  // It must not throw.
  void on_answer(Then then);

  // Once (CHECK), before on_answer(): `look` sees the answer on its way, likewise.
  using Look = std::function<void(const Response&)>;
  void look_on(Look look);

 private:
  std::mutex mutex_;
  bool answered_ = false;               // by mutex_
  std::optional<Response> response_{};  // by mutex_; until `then_` has it
  Then then_;                           // by mutex_; until it is called
  Look look_;                           // by mutex_; until it is called
};

// The answer with what the handler put into its first Response: fields of the same name are
// replaced by the handler's.
Response with_headers_of(Response answer, Response first);

}  // namespace net
