#include "channel/http/answer.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

#include "base/json.h"

namespace channel {
namespace {

namespace json = boost::json;
using outbox::Sent;

std::optional<json::value> body_of(const HttpAnswer& answer) {
  auto value = base::parse_json(answer.body, kAnswerReadBytesMax);
  if (!value) return std::nullopt;
  return std::move(*value);
}

// A text without its quotes, anything else as JSON writes it; nothing where there is none.
std::optional<std::string> at(const std::optional<json::value>& body, std::string_view pointer) {
  if (!body) return std::nullopt;
  boost::system::error_code failure;
  const json::value* found = body->find_pointer(pointer, failure);
  if (found == nullptr) return std::nullopt;
  if (const auto* text = found->if_string()) return std::string(*text);
  return json::serialize(*found);
}

Sent usual(const HttpAnswer& answer, bool does_once) {
  const int status = answer.status;
  if (status >= 200 && status <= 299) return Sent::done;
  if (status == 429) return Sent::too_often;
  if (status == 503 && answer.retry_after_seconds > 0) return Sent::unavailable;
  const bool does_no_such = status == 501 || status == 505;
  const bool may_have_done = status == 408 || (status >= 500 && status <= 599 && !does_no_such);
  if (!may_have_done) return Sent::refused;
  return does_once ? Sent::unavailable : Sent::unknown;
}

bool fits(const AnswerRule& rule, int status, const std::optional<json::value>& body) {
  if (status < rule.status_from || status > rule.status_to) return false;
  return rule.pointer.empty() || at(body, rule.pointer) == rule.equals;
}

// A look that was not understood says nothing about the work.
Sent usual_of_look(int status) {
  if (status >= 200 && status <= 299) return Sent::done;
  return status == 404 || status == 410 ? Sent::refused : Sent::unavailable;
}

}  // namespace

outbox::Outcome meaning_of(const HttpAnswer& answer, const AnswerMeaning& meaning) {
  const auto body = body_of(answer);
  const auto rule = std::ranges::find_if(
      meaning.rules, [&](const AnswerRule& each) { return fits(each, answer.status, body); });
  outbox::Outcome outcome;
  if (rule != meaning.rules.end()) {
    outcome.sent = rule->sent;
  } else {
    outcome.sent =
        meaning.is_look ? usual_of_look(answer.status) : usual(answer, meaning.does_once);
  }
  if (outcome.sent == Sent::done) {
    if (!meaning.receipt_pointer.empty()) {
      outcome.receipt = at(body, meaning.receipt_pointer).value_or("");
    }
    return outcome;
  }
  outcome.problem = "http." + std::to_string(answer.status);
  const std::int64_t seconds =
      std::clamp<std::int64_t>(answer.retry_after_seconds, 0, kRetryAfterMax.ms / 1000);
  outcome.after = {seconds * 1000};
  return outcome;
}

}  // namespace channel
