// What an HTTP answer means for the effect it answers: pure.
//
// Rules are asked in their order; the first that fits tells. Without one (Retry-After is kept where
// it is written in seconds; as a date it is not read):
//
//   2xx                     done
//   429                     too_often
//   503, Retry-After > 0    unavailable: the receiver itself says when to come again
//   501, 505                refused: it does no such requests at all
//   408, every other 5xx    unknown; unavailable where the receiver does an effect id once
//   everything else         refused; 3xx too, redirects are not followed
//
// A 5xx says that the request was not fulfilled, not that nothing was done: a receiver that sent
// the message and failed after that answers 500, and 502 and 504 come from somebody between who
// gave up waiting. RFC 9110 (9.2.2) lets a request that is not idempotent be repeated only by who
// knows that it is, or that the first one was never applied. An effect id that is done once is such
// knowledge, "come again after" (10.2.3, 15.6.4; of 429 RFC 6585) is the receiver's own word, and
// nothing else is. A 5xx that nobody knows is a 500 (RFC 9110, 15).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "outbox/sender.h"

namespace channel {

inline constexpr std::size_t kRulesMax = 20;
inline constexpr std::size_t kAnswerReadBytesMax = 64 * 1024;  // beyond: no pointer finds anything
inline constexpr base::Duration kRetryAfterMax{base::kDay.ms};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::int64_t retry_after_seconds = 0;  // 0: not said, or at once
};

// Fits where the status lies within and, where a pointer is given, the JSON of the body has that
// value there (as JSON writes it, texts without quotes).
struct AnswerRule {
  int status_from = 200;
  int status_to = 299;
  std::string pointer = {};  // RFC 6901; "": the body is not looked at
  std::string equals = {};
  outbox::Sent sent = outbox::Sent::done;
};

struct AnswerMeaning {
  std::vector<AnswerRule> rules;
  std::string receipt_pointer = {};  // what the receiver calls it; "": nothing
  // Of a look, where a refusal means that the work was not done: without a rule that is what 404
  // and 410 say, 2xx is done, and everything else (a token that ran out, a page to sign in) says
  // nothing.
  bool is_look = false;
  bool does_once = false;  // the receiver does an effect id once, however often it comes
};

// The problem of what is not done is "http.<status>".
outbox::Outcome meaning_of(const HttpAnswer& answer, const AnswerMeaning& meaning);

}  // namespace channel
