#include "api/problem.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <utility>

#include "api/problem_table.h"
#include "base/check.h"

namespace api {

const ProblemText* find_problem(std::string_view code) {
  const auto* found = std::ranges::find(kProblems, code, &ProblemText::code);
  return found == std::end(kProblems) ? nullptr : found;
}

Refusal::Refusal(std::string_view code, boost::json::object members)
    : code_(code), members_(std::move(members)) {
  CHECK(find_problem(code_) != nullptr);
}

int Refusal::status() const { return find_problem(code_)->status; }

Language language_of(const net::Request& request) {
  const std::string_view accepted = request.headers.find("Accept-Language").value_or("");
  const std::size_t chinese = accepted.find("zh");
  const std::size_t english = accepted.find("en");
  return english < chinese ? Language::english : Language::chinese;
}

net::Response response_of(const Refusal& refusal, Language language) {
  const ProblemText& text = *find_problem(refusal.code());
  boost::json::object members = refusal.members();
  std::string detail(language == Language::english ? text.english : text.chinese);
  if (const auto* subject = members.if_contains("subject")) {
    constexpr std::string_view kPlace = "{subject}";
    const std::string name(subject->as_string());
    if (const std::size_t at = detail.find(kPlace); at != std::string::npos) {
      detail.replace(at, kPlace.size(), name);
    }
    members.erase("subject");
  }
  members["type"] = "about:blank";
  members["title"] = net::reason_of(text.status);
  members["status"] = text.status;
  members["code"] = refusal.code();
  members["detail"] = detail;
  net::Response response =
      net::make_response(text.status, "application/problem+json", boost::json::serialize(members));
  if (const auto* seconds = members.if_contains("retry_after_seconds")) {
    response.headers.set("Retry-After", boost::json::serialize(*seconds));
  } else if (text.status == 503) {
    response.headers.set("Retry-After", "1");
  }
  return response;
}

}  // namespace api
