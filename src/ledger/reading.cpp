#include "ledger/reading.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "ledger/reading_sql.h"
#include "ledger/stored_transfers.h"

namespace ledger {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

std::int64_t number_in(const store::Row& row) { return row.integer(0); }

Row row_in(const store::Row& row) {
  return {.account = {row.integer(0)},
          .sequence = row.integer(1),
          .bundle = row.integer(2),
          .transfer = row.integer(3),
          .posting = row.integer(4),
          .lot = {row.integer(5)},
          .amount = row.integer(6),
          .effective_at = {row.integer(7)},
          .entered_at = {row.integer(8)},
          .refund_of = std::string(row.text(9)),
          .refunded_lot = {row.integer(10)}};
}

std::optional<base::Moment> moment_in(const store::Row& row, int column) {
  const auto ms = row.optional_integer(column);
  return ms ? std::optional(base::Moment{*ms}) : std::nullopt;
}

std::int64_t taken_by(std::span<const Transfer> transfers) {
  std::int64_t sum = 0;
  for (const Transfer& transfer : transfers) {
    for (const Posting& posting : transfer.postings)
      sum -= std::min<std::int64_t>(0, posting.amount);
  }
  return sum;
}

BundleSummary summary_in(const store::Row& row, base::Moment now) {
  BundleSummary found{.number = row.integer(0),
                      .id = std::string(row.text(1)),
                      .why = std::string(row.text(2)),
                      .state = static_cast<State>(row.integer(3)),
                      .effective_at = {row.integer(4)},
                      .entered_at = {row.integer(5)},
                      .held_until = moment_in(row, 6),
                      .ended_at = moment_in(row, 7)};
  if (found.state != State::held) return found;
  // What a clock running ahead has freed is gone, though its record does not say so yet.
  const bool is_whole = row.integer(9) == taken_by(stored_transfers(row.text(8)));
  if (*found.held_until > now && is_whole) return found;
  found.state = State::expired;
  found.ended_at = found.held_until;
  return found;
}

}  // namespace

Balance balance(store::Session& session, LedgerAccountId account, base::Moment now) {
  struct Standing {
    std::int64_t posted;
    std::int64_t held;
    base::Moment seen;
  };
  const auto stands = session.one(sql::kStanding, {account.value}, [](const store::Row& row) {
    return Standing{row.integer(0), row.integer(1), {row.integer(2)}};
  });
  if (!stands) return {};
  const base::Moment at = std::max(now, stands->seen);
  const auto freed = session.one(sql::kHeldEnded, {account.value, now.ms}, number_in);
  const auto expired = session.one(sql::kLotsEnded, {account.value, at.ms, now.ms}, number_in);
  return {.posted = stands->posted - *expired, .held = stands->held - *freed, .expired = *expired};
}

std::int64_t balance_at(store::Session& session, const BalanceAsked& asked) {
  return *session.one(sql::kPostedBy, {asked.account.value, asked.effective.ms, asked.entered.ms},
                      number_in);
}

std::vector<StatementRow> statement(store::Session& session, const StatementAsked& asked) {
  const std::int64_t before = asked.before == 0 ? kNoLimit : asked.before;
  const auto posted = session.one(sql::kStanding, {asked.account.value}, number_in);
  if (!posted) return {};
  const auto later = session.one(sql::kPostedAfter, {asked.account.value, before}, number_in);
  std::int64_t balance = *posted - *later;
  std::vector<StatementRow> rows;
  session.query(sql::kStatementRows, {asked.account.value, before, asked.rows_max},
                [&](const store::Row& row) {
                  rows.push_back(
                      {row_in(row), std::string(row.text(11)), std::string(row.text(12)), balance});
                  balance -= row.integer(6);
                });
  return rows;
}

std::vector<LotLeft> lots_of(store::Session& session, LedgerAccountId account,
                             std::int64_t rows_max) {
  std::vector<LotLeft> lots;
  session.query(sql::kLotsLeft, {account.value, rows_max}, [&](const store::Row& row) {
    lots.push_back({{.id = {row.integer(0)},
                     .expires = {row.integer(1)},
                     .free_since = {row.integer(2)},
                     .left = row.integer(3),
                     .held = row.integer(4),
                     .write_offs = row.integer(5)},
                    {row.integer(6)}});
  });
  return lots;
}

std::optional<BundleFound> bundle(store::Session& session, std::string_view id, base::Moment now) {
  auto found = session.one(sql::kBundleWith, {id}, [now](const store::Row& row) {
    return BundleFound{summary_in(row, now), stored_transfers(row.text(8)), {}};
  });
  if (!found) return std::nullopt;
  session.query(sql::kRowsOfBundle, {found->summary.number},
                [&](const store::Row& row) { found->rows.push_back(row_in(row)); });
  return found;
}

std::vector<BundleSummary> bundles_of(store::Session& session, const CauseAsked& asked) {
  std::vector<BundleSummary> found;
  const std::int64_t before = asked.before == 0 ? kNoLimit : asked.before;
  session.query(sql::kBundlesOfCause, {asked.why, before, asked.rows_max},
                [&](const store::Row& row) { found.push_back(summary_in(row, asked.now)); });
  return found;
}

}  // namespace ledger
