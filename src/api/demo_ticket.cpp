#include "api/demo_ticket.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <span>

#include "base/text.h"

namespace api {
namespace {

constexpr std::size_t kNonceBytes = 16;

std::string sign(std::string_view secret, std::string_view text) {
  const std::string code = base::hmac_sha256(secret, "demo ticket " + std::string(text));
  return base::to_hex(std::as_bytes(std::span(code)));
}

// The moment it ends at; nothing is meant by one that is none of ours.
base::Moment end_of(std::string_view ticket) {
  std::int64_t ms = 0;
  (void)std::from_chars(ticket.data(), ticket.data() + ticket.size(), ms);
  return base::Moment{ms};
}

}  // namespace

std::string issue_ticket(const TicketIssue& issue, base::Random& random) {
  std::array<std::byte, kNonceBytes> nonce{};
  random.fill(nonce);
  const base::Moment end = issue.now + kTicketTime;
  const std::string text = std::to_string(end.ms) + "." + base::to_hex(nonce);
  return text + "." + sign(issue.secret, text);
}

bool DemoTickets::take(std::string_view ticket, base::Moment now) {
  const std::size_t dot = ticket.rfind('.');
  if (secret_.empty() || dot == std::string_view::npos) return false;
  const std::string_view text = ticket.substr(0, dot);
  if (!base::equal_secrets(sign(secret_, text), ticket.substr(dot + 1))) return false;
  const base::Moment end = end_of(text);
  if (end <= now) return false;
  const std::lock_guard lock(mutex_);
  std::erase_if(taken_, [&](const auto& old) { return old.second <= now; });
  if (taken_.size() >= kTicketsTakenMax) return false;
  return taken_.emplace(text, end).second;
}

}  // namespace api
