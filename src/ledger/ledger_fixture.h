// What the ledger's tests share: accounts with names, requests as text.
//
//   open("anna"); open("shop", kDebt); open("card", kLots);
//   post("b1", "shop-5 anna+5")                      "posted", "posted again", "short_of_funds"
//   post("b2", "shop-5 card+5@1000 | …")             into a lot that ends at second 1000
//   post("b3", "card-2 shop+2");  post("b4", "shop-2 card+2<b3")      a refund
//   hold("h", "anna-5 shop+5", 60); commit("h"); commit("h", {-2, 2}); release("h")
//   balance("anna")                                  "5", "5 held 2"
//
// Moments are seconds since kStart; the clock stands until a test moves it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/asset.h"
#include "ledger/ledger.h"
#include "ledger/ledger_account.h"
#include "store/test_database.h"

namespace ledger {

inline constexpr base::Moment kStart{1'700'000'000'000};
inline base::Moment second(std::int64_t count) { return kStart + base::Duration{count * 1000}; }

// "posted", "held again", "short_of_funds".
std::string spelled(const Answer& answer);

class LedgerFixture : public store::DatabaseTest {
 protected:
  enum class Flags : std::uint8_t { none, debt, lots, lots_and_debt };
  static constexpr Flags kDebt = Flags::debt;
  static constexpr Flags kLots = Flags::lots;
  static constexpr Flags kLotsAndDebt = Flags::lots_and_debt;

  // An asset "points" with a grace of 100 seconds.
  void SetUp() override;

  // `wanted`: its id; none: the next one.
  LedgerAccountId open(const std::string& name, Flags flags = Flags::none,
                       LedgerAccountId wanted = {});
  LedgerAccountId id(const std::string& name) const { return accounts_.at(name); }

  Bundle bundle(std::string id, std::string_view text) const;
  std::string ask(const Request& request);
  std::string post(std::string id, std::string_view text,
                   std::optional<base::Moment> effective_at = std::nullopt);
  std::string hold(std::string id, std::string_view text, std::int64_t seconds);
  std::string commit(std::string hold, std::vector<std::int64_t> amounts = {});
  std::string release(std::string hold);

  std::string balance(const std::string& name);
  // "3@1000 2": what is in its lots, soonest first.
  std::string lots(const std::string& name);
  // Fires all timers that are due.
  void tick();
  std::int64_t timers();  // how many stand
  // What proof.h finds wrong.
  std::string wrong();

  base::Moment now_ = kStart;
  Asset points_;

 private:
  Posting posting(std::string_view text) const;

  std::map<std::string, LedgerAccountId> accounts_;
  std::int64_t next_id_ = 1;
};

}  // namespace ledger
