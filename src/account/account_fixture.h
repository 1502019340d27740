// What the tests of this module share: a fresh database and changes by one user.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "access/audit.h"
#include "account/change.h"
#include "store/test_database.h"

namespace account {

// The code of a fault, or "good".
template <typename Value>
std::string outcome(const base::Result<Value, Fault>& result) {
  return result ? "good" : std::string(code_of(result.error()));
}

class AccountTest : public store::DatabaseTest {
 protected:
  template <typename Work>
  auto change(Work&& work) {
    return database().write("test.account",
                            [&](store::Unit& unit) { return work(Change{unit, actor_, now_}); });
  }
  template <typename Work>
  auto read(Work&& work) {
    return database().read([&](store::Session& session) { return work(session); });
  }
  // "verb noun" of every entry, oldest first.
  std::string audited() {
    const auto page = read(
        [](store::Session& session) { return rights::read_audit(session, {}, {.limit = 1000}); });
    std::string text;
    for (auto entry = page.entries.rbegin(); entry != page.entries.rend(); ++entry) {
      text += entry->verb + " " + entry->noun + "\n";
    }
    return text;
  }

  const rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7};
  base::Moment now_{1'760'000'000'000};
};

}  // namespace account
