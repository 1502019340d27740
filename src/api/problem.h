// What the API answers when it refuses: RFC 9457 problem+json with a stable code.
//
// problems.tsv is the one table from code to HTTP status and to the sentence for people, in English
// and Chinese. A code that is not in it is a CHECK failure; a test holds the table against every
// code the program can make. Handlers end a request by throwing Refusal (routes are parse → one
// call → reply); the dispatcher catches it.
#pragma once

#include <boost/json/object.hpp>
#include <exception>
#include <string>
#include <string_view>

#include "net/http.h"

namespace api {

struct ProblemText {
  std::string_view code;
  int status;
  std::string_view english;
  std::string_view chinese;
};

// A row of expectations.tsv: `expected` of a mistake in a rule, where it is a phrase. Words of the
// language are the same for everybody and have no row; a test holds the table against the rules.
struct Expectation {
  std::string_view english;
  std::string_view chinese;
};

// Null: no such code.
const ProblemText* find_problem(std::string_view code);

// Ends the request with a problem. `members` are put beside type, title, status, code and detail.
class Refusal : public std::exception {
 public:
  explicit Refusal(std::string_view code, boost::json::object members = {});
  const char* what() const noexcept override { return code_.c_str(); }
  const std::string& code() const { return code_; }
  const boost::json::object& members() const { return members_; }
  int status() const;

 private:
  std::string code_;
  boost::json::object members_;
};

enum class Language : unsigned char { chinese, english };
// The first of zh and en in Accept-Language; Chinese without one.
Language language_of(const net::Request& request);

// The sentence with `subject` in its place, shortened to kSubjectBytesMax; without subject or place
// a whole sentence too.
inline constexpr std::size_t kSubjectBytesMax = 200;
std::string sentence_of(const ProblemText& text, Language language, std::string_view subject);

// `subject` in members fills "{subject}" of the sentence and is not sent as a member.
net::Response response_of(const Refusal& refusal, Language language);

}  // namespace api
