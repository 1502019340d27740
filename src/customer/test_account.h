// Test accounts: customers whose doings count in no figure.
//
// A user sets or takes the mark; the audit keeps who and when. It lies on the customer it was put
// on, and a person with any such customer is a test account: merges and their undo change no mark,
// an erasure takes it along. It is of today, whatever moment a figure is of. Everybody who keeps
// figures hears of a change by the log's notice of the person.
//
// Whoever answers for many people leaves these out (audience/question.h); what is asked about one
// person is answered and says what they are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "customer/writing.h"

namespace customer {

inline constexpr std::int64_t kTestAccountsMax = 10'000;  // marks

// False: the person is one already.
[[nodiscard]] base::Result<bool, Error> set_test_account(Writing& writing,
                                                         base::CustomerId customer);
// False: the person is none. Takes every mark of the person's customers.
[[nodiscard]] base::Result<bool, Error> take_test_account(Writing& writing,
                                                          base::CustomerId customer);

struct TestAccount {
  base::CustomerId person;
  base::Moment since;
  std::string by;
};
// The earliest mark of the person's; nothing: no test account.
std::optional<TestAccount> test_account_of(store::Session& session, base::CustomerId person);
std::vector<TestAccount> test_accounts(store::Session& session);  // by person, each once

// As marked, ascending: whoever they are one person with is meant.
std::vector<base::CustomerId> marked_customers(store::Session& session);
// Every customer, as written, whose person is a test account; ascending.
std::vector<base::CustomerId> customers_of_test_accounts(store::Session& session);

}  // namespace customer
