#include "ledger/books.h"

#include <algorithm>
#include <utility>

namespace ledger {

Lot* lot_in(Account& account, LotId id) {
  const auto found = std::ranges::lower_bound(account.lots, id, {}, &Lot::id);
  return found != account.lots.end() && found->id == id ? &*found : nullptr;
}

const Lot* lot_in(const Account& account, LotId id) {
  const auto found = std::ranges::lower_bound(account.lots, id, {}, &Lot::id);
  return found != account.lots.end() && found->id == id ? &*found : nullptr;
}

std::int64_t in_lots(const Account& account) {
  std::int64_t sum = 0;
  for (const Lot& lot : account.lots) sum += lot.left;
  return sum;
}

std::vector<const Lot*> free_lots(const Account& account, base::Moment at) {
  std::vector<const Lot*> lots;
  for (const Lot& lot : account.lots) {
    if (lot.expires > at && lot.free() > 0) lots.push_back(&lot);
  }
  std::ranges::sort(lots, {}, [](const Lot* lot) { return std::pair(lot->expires, lot->id); });
  return lots;
}

std::int64_t spendable(const Account& account, base::Moment at) {
  if (!account.has_lots) return account.posted - account.held;
  std::int64_t sum = 0;
  for (const Lot& lot : account.lots) {
    if (lot.expires > at) sum += lot.free();
  }
  return sum;
}

}  // namespace ledger
