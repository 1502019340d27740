#include "access/attempt.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <span>

#include "access/attempt_sql.h"
#include "access/lock.h"
#include "access/secret.h"

namespace rights {
namespace {

constexpr base::Duration kFirstWait = base::kSecond;

struct Count {
  std::string_view scope;
  std::string subject;
  std::int64_t free;
  base::Duration most;
  bool holds_for_known_addresses;
};

// The user and where they come from; under both a good sign-in is remembered.
std::string address_subject(const Attempt& attempt) {
  return hash_of("pair\n" + network_of(attempt.from) + "\n" + name_key_of(attempt.name));
}
std::string browser_subject(const Attempt& attempt) {
  return hash_of("browser\n" + attempt.from.browser + "\n" + name_key_of(attempt.name));
}

bool is_remembered(store::Unit& unit, const std::string& subject, base::Moment now) {
  const base::Moment known_after = now - kAddressKnownTime;
  return unit
      .one(sql::kSelectAddress, {subject, known_after.ms}, [](const store::Row&) { return true; })
      .has_value();
}

bool is_known_browser(store::Unit& unit, const Attempt& attempt) {
  const std::string& browser = attempt.from.browser;
  return !browser.empty() && browser.size() <= kBrowserTokenBytesMax &&
         is_remembered(unit, browser_subject(attempt), attempt.now);
}

std::array<Count, 3> counts_of(store::Unit& unit, const Attempt& attempt) {
  const bool by_browser = is_known_browser(unit, attempt);
  const base::Duration quarter{15 * base::kMinute.ms};
  return {{
      {"pair", by_browser ? browser_subject(attempt) : address_subject(attempt), 3, quarter, true},
      {"address", hash_of("address\n" + network_of(attempt.from)), 20, quarter, false},
      {"user", hash_of("user\n" + name_key_of(attempt.name)), 20,
       base::Duration{40 * base::kSecond.ms}, false},
  }};
}

std::int64_t lock_number(std::string_view subject) {
  std::uint64_t number = 0;
  std::from_chars(subject.data(), subject.data() + 15, number, 16);
  return static_cast<std::int64_t>(number);
}

Count code_count_of(const Attempt& attempt) {
  return {"code", hash_of("code\n" + name_key_of(attempt.name)), 10, base::kHour, false};
}

void lock_counts(store::Unit& unit, std::span<const Count> counts) {
  std::vector<store::LockKey> keys;
  for (const Count& count : counts) keys.push_back({kAttemptLocks, lock_number(count.subject)});
  unit.lock(std::move(keys));
}

struct Failures {
  std::int64_t number = 0;
  base::Moment last_at;
};

Failures failures_of(store::Unit& unit, const Count& count, base::Moment now) {
  const auto found = unit.one(
      sql::kSelectFailures, {count.scope, count.subject},
      [](const store::Row& row) { return Failures{row.integer(0), base::Moment{row.integer(1)}}; });
  if (!found || found->last_at + kAttemptsKept < now) return {};
  return *found;
}

bool is_known(store::Unit& unit, const Attempt& attempt) {
  return is_known_browser(unit, attempt) ||
         is_remembered(unit, address_subject(attempt), attempt.now);
}

// How long to wait for this count alone.
base::Duration wait_of(const Count& count, const Failures& failures, base::Moment now) {
  const base::Duration whole = wait_after(failures.number, count.free, count.most);
  // A clock set back makes nobody wait longer than the whole.
  return std::min(whole, failures.last_at + whole - now);
}

}  // namespace

std::string network_of(const PeerAddress& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.text.c_str(), &bytes) != 1) return address.text;
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) {
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &bytes.s6_addr[12], text.data(), text.size());
    return text.data();
  }
  std::memset(&bytes.s6_addr[8], 0, 8);
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, &bytes, text.data(), text.size());
  return std::string(text.data()) + "/64";
}

base::Duration wait_after(std::int64_t failures, std::int64_t free, base::Duration most) {
  if (failures < free) return base::Duration{0};
  const std::int64_t doublings = std::min<std::int64_t>(failures - free, 32);
  return std::min(most, base::Duration{kFirstWait.ms << doublings});
}

base::Result<bool, Error> begin_attempt(store::Unit& unit, const Attempt& attempt) {
  const auto counts = counts_of(unit, attempt);
  lock_counts(unit, counts);
  const bool known = is_known(unit, attempt);
  std::array<std::int64_t, 3> numbers{};
  base::Duration wait{0};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Failures failures = failures_of(unit, counts[i], attempt.now);
    numbers[i] = failures.number;
    if (known && !counts[i].holds_for_known_addresses) continue;
    wait = std::max(wait, wait_of(counts[i], failures, attempt.now));
  }
  if (wait > base::Duration{0}) return base::unexpected(Error{Fault::slow_down, wait});

  unit.execute(sql::kDeleteOldFailures, {(attempt.now - kAttemptsKept).ms});
  for (std::size_t i = 0; i < counts.size(); ++i) {
    unit.execute(sql::kUpsertFailures,
                 {counts[i].scope, counts[i].subject, numbers[i] + 1, attempt.now.ms});
  }
  return true;
}

void succeeded(store::Unit& unit, const Attempt& attempt) {
  const auto counts = counts_of(unit, attempt);
  lock_counts(unit, counts);
  unit.execute(sql::kDeleteFailures, {counts[0].scope, counts[0].subject});
  unit.execute(sql::kTakeBackFailure, {counts[1].scope, counts[1].subject});
  unit.execute(sql::kTakeBackFailure, {counts[2].scope, counts[2].subject});
  unit.execute(sql::kUpsertAddress, {address_subject(attempt), attempt.now.ms});
  if (!attempt.from.browser.empty() && attempt.from.browser.size() <= kBrowserTokenBytesMax) {
    unit.execute(sql::kUpsertAddress, {browser_subject(attempt), attempt.now.ms});
  }
  unit.execute(sql::kDeleteOldAddresses, {(attempt.now - kAddressKnownTime).ms});
}

void take_back(store::Unit& unit, const Attempt& attempt) {
  const auto counts = counts_of(unit, attempt);
  lock_counts(unit, counts);
  for (const Count& count : counts) {
    unit.execute(sql::kTakeBackFailure, {count.scope, count.subject});
  }
}

base::Result<bool, Error> begin_code(store::Unit& unit, const Attempt& attempt) {
  const Count count = code_count_of(attempt);
  lock_counts(unit, {&count, 1});
  const Failures failures = failures_of(unit, count, attempt.now);
  if (!is_known(unit, attempt)) {
    const base::Duration wait = wait_of(count, failures, attempt.now);
    if (wait > base::Duration{0}) return base::unexpected(Error{Fault::slow_down, wait});
  }
  unit.execute(sql::kUpsertFailures,
               {count.scope, count.subject, failures.number + 1, attempt.now.ms});
  return true;
}

void code_succeeded(store::Unit& unit, const Attempt& attempt) {
  const Count count = code_count_of(attempt);
  lock_counts(unit, {&count, 1});
  unit.execute(sql::kDeleteFailures, {count.scope, count.subject});
}

void forget_failures(store::Unit& unit, const Attempt& attempt) {
  const Count codes = code_count_of(attempt);
  lock_counts(unit, {&codes, 1});  // first, as whoever judges one does
  const auto counts = counts_of(unit, attempt);
  lock_counts(unit, counts);
  for (const Count& count : {counts[0], counts[2], codes}) {
    unit.execute(sql::kDeleteFailures, {count.scope, count.subject});
  }
}

}  // namespace rights
