// Slowing down guesses at passwords.
//
// Failures are counted for a user from one address, for an address, and for a user from anywhere.
// Beyond a free number each further one doubles the time to wait since the last:
//
//   user from one address   3 free    1 s, 2 s, 4 s … 15 min
//   address                20 free    1 s, 2 s, 4 s … 15 min
//   user from anywhere     20 free    1 s, 2 s, 4 s … 40 s: 90 an hour at most
//   codes of a user        10 free    1 s, 2 s, 4 s … 1 h     second factors, from anywhere
//
// A browser in which the user has signed in before brings a token (a device cookie, as OWASP calls
// it) and is counted by it instead of by its address, and the others do not hold for it: whoever
// shares the user's address, or is taken for doing so, locks nobody out of their own browser.
//
// The third cannot lock anybody out for good: it does not hold for addresses from which the user
// has signed in within kAddressKnownTime, and it never asks for more than forty seconds. Nor can
// the fourth: it counts behind a right password only, and does not hold for such addresses either
// (the first does, for codes too). Counts are forgotten kAttemptsKept after the last failure. An
// IPv6 address counts as its /64 network.
//
// Functions over a Unit; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "access/fault.h"
#include "base/moment.h"
#include "base/result.h"
#include "store/database.h"

namespace rights {

inline constexpr base::Duration kAttemptsKept = base::kDay;
inline constexpr base::Duration kAddressKnownTime{90 * base::kDay.ms};
inline constexpr std::size_t kBrowserTokenBytesMax = 64;

// Where somebody comes from: "203.0.113.9", "2001:db8::1", "local"; and with what.
struct PeerAddress {
  std::string text;
  std::string user_agent = {};  // the header as sent
  std::string browser = {};     // what the browser was given at an earlier sign-in; "": nothing
};
// "203.0.113.9", "2001:db8:0:0::/64", "local"; IPv4 within IPv6 is IPv4.
std::string network_of(const PeerAddress& address);

struct Attempt {
  std::string name;  // as typed; compared like user names
  PeerAddress from;
  base::Moment now;
};

// Counts one more failure, to be taken back by succeeded(), or answers how long to wait
// (slow_down), counting nothing. Two at once count as two.
[[nodiscard]] base::Result<bool, Error> begin_attempt(store::Unit& unit, const Attempt& attempt);
// The password was right: forgets the user's failures from this address, takes the attempt back
// from the other counts, and remembers the address and the browser.
void succeeded(store::Unit& unit, const Attempt& attempt);

// The password was right but its code is missing: takes the attempt back from all counts.
void take_back(store::Unit& unit, const Attempt& attempt);
// Counts a code that is about to be looked at, as begin_attempt() does; behind a right password.
[[nodiscard]] base::Result<bool, Error> begin_code(store::Unit& unit, const Attempt& attempt);
// The code was right: forgets the user's wrong ones.
void code_succeeded(store::Unit& unit, const Attempt& attempt);

// The password has been set anew through a link: forgets the user's failures from here and from
// anywhere, and their wrong codes.
void forget_failures(store::Unit& unit, const Attempt& attempt);

// How long to wait after so many failures, of which `free` cost nothing.
base::Duration wait_after(std::int64_t failures, std::int64_t free, base::Duration most);

}  // namespace rights
