// What the routes of brand accounts, stores and staff share: a change as one unit, a page of a
// list.
#pragma once

#include <string>
#include <string_view>

#include "account/brand_account.h"
#include "account/change.h"
#include "api/call.h"

namespace api {

// Runs `work(const account::Change&)`, which answers a base::Result, and unwraps or refuses.
template <typename Work>
auto change_accounts(Call& call, std::string_view name, Work&& work) {
  return value_or_refuse(call.services().database.write(name, [&](store::Unit& unit) {
    return work(account::Change{unit, call.caller().viewer.actor(), call.now()});
  }));
}

// Refuses what is no state of accounts and stores.
account::State state_of(const std::string& name);

struct ListQuery {
  std::string search;
  std::string after;
  std::size_t limit = 100;  // 1 … kPageRowsMax
};
ListQuery list_query(Call& call);
// One row more than the page shows: whether there is another page. Borrows the query.
account::Cut cut_of(const ListQuery& query);

}  // namespace api
