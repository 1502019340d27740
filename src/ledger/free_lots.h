// What may be spent of the lots that are stored, as NaiveLedger::lots() says it. For tests.
#pragma once

#include <algorithm>
#include <string>

#include "base/moment.h"
#include "ledger/bundle.h"
#include "store/database.h"

namespace ledger {

inline std::string free_lots(store::Session& session, LedgerAccountId account, base::Moment now) {
  std::string text;
  const auto seen = session.one("select seen from ledger_account where id = $1", {account.value},
                                [](const store::Row& row) { return row.integer(0); });
  const std::int64_t at = std::max(now.ms, *seen);
  session.query(
      "select id, free, expires from (select l.id, l.expires, cast(l.remaining - coalesce((select "
      "sum(r.amount) from ledger_reservation r where r.lot = l.id and r.until > $3), 0) as bigint) "
      "as free from ledger_lot l where l.account = $1 and l.expires > $2) as lots "
      "where free > 0 order by expires, id",
      {account.value, at, now.ms}, [&](const store::Row& row) {
        text += std::to_string(row.integer(0)) + ":" + std::to_string(row.integer(1)) + "@" +
                std::to_string(row.integer(2)) + " ";
      });
  return text;
}

}  // namespace ledger
