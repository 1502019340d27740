#include "api/problem.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <utility>

#include "api/expectation_table.h"
#include "api/problem_table.h"
#include "base/check.h"

namespace api {
namespace {

constexpr std::string_view kPlace = "{subject}";

std::string shortened(std::string_view subject) {
  if (subject.size() <= kSubjectBytesMax) return std::string(subject);
  std::size_t end = kSubjectBytesMax;
  while (end > 0 && (static_cast<unsigned char>(subject[end]) & 0xc0) == 0x80) --end;
  return std::string(subject.substr(0, end)) + "…";
}

// The parentheses and the colon of Chinese sentences.
constexpr std::string_view kWideOpen = "\xEF\xBC\x88";
constexpr std::string_view kWideClose = "\xEF\xBC\x89";
constexpr std::string_view kWideColon = "\xEF\xBC\x9A";

// A sentence whose place for the subject stays empty: what led to the place goes with it.
std::string without_place(std::string_view sentence, std::size_t at) {
  std::string_view before = sentence.substr(0, at);
  std::string_view behind = sentence.substr(at + kPlace.size());
  constexpr std::pair<std::string_view, std::string_view> kAround[] = {
      {" (", ")"}, {kWideOpen, kWideClose}, {": ", ""}, {kWideColon, ""}, {" ", ""}};
  for (const auto& [left, right] : kAround) {
    if (!before.ends_with(left) || !behind.starts_with(right)) continue;
    before.remove_suffix(left.size());
    behind.remove_prefix(right.size());
    break;
  }
  // Chinese has no spaces of its own: this one stood before or behind the place.
  const bool chinese = !before.empty() && static_cast<unsigned char>(before.back()) >= 0x80;
  if (chinese && behind.starts_with(' ')) behind.remove_prefix(1);
  return std::string(before) + std::string(behind);
}

// In the reader's language, as far as it is a phrase.
void translate_expected(boost::json::object& members, Language language) {
  auto* expected = members.if_contains("expected");
  if (expected == nullptr || language == Language::english || !expected->is_string()) return;
  const auto* found = std::ranges::find(kExpectations, std::string_view(expected->get_string()),
                                        &Expectation::english);
  if (found != std::end(kExpectations)) *expected = found->chinese;
}

}  // namespace

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

std::string sentence_of(const ProblemText& text, Language language, std::string_view subject) {
  const std::string_view sentence = language == Language::english ? text.english : text.chinese;
  const std::size_t at = sentence.find(kPlace);
  if (at == std::string_view::npos) return std::string(sentence);
  if (subject.empty()) return without_place(sentence, at);
  return std::string(sentence).replace(at, kPlace.size(), shortened(subject));
}

net::Response response_of(const Refusal& refusal, Language language) {
  const ProblemText& text = *find_problem(refusal.code());
  boost::json::object members = refusal.members();
  std::string subject;
  if (const auto* given = members.if_contains("subject")) {
    subject = given->as_string();
    members.erase("subject");
  }
  translate_expected(members, language);
  members["type"] = "about:blank";
  members["title"] = net::reason_of(text.status);
  members["status"] = text.status;
  members["code"] = refusal.code();
  members["detail"] = sentence_of(text, language, subject);
  net::Response response =
      net::make_response(text.status, "application/problem+json", boost::json::serialize(members));
  response.headers.set("Content-Language", language == Language::english ? "en" : "zh");
  if (const auto* seconds = members.if_contains("retry_after_seconds")) {
    response.headers.set("Retry-After", boost::json::serialize(*seconds));
  } else if (text.status == 503) {
    response.headers.set("Retry-After", "1");
  }
  return response;
}

}  // namespace api
