// Assets: what the ledger counts, each in a smallest part of its own.
//
//   code "stored_value", kind stored_value, scale 2   cents; an amount of 1234 is read 12.34
//   code "stock:sku-17", kind stock, scale 0          pieces
//
// An asset has two accounts of its own, both of owner kind kOwnOwner and allowed debt: `expired`
// takes what was left in a lot at its end, `adjusted` stands against edits by hand (goods counted,
// points given). Threads: functions of the caller's unit or read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/random.h"
#include "base/result.h"
#include "ledger/bundle.h"
#include "ledger/fault.h"
#include "store/database.h"

namespace ledger {

inline constexpr std::size_t kAssetCodeBytesMax = 100;  // printable ASCII
inline constexpr std::int64_t kScaleMax = 6;
inline constexpr base::Duration kGraceMax{400 * base::kDay.ms};
inline constexpr std::string_view kOwnOwner = "ledger";

enum class AssetKind : std::uint8_t {
  points,
  stored_value,
  commission,
  stock,
  prize,
  coupon_quota,
  budget,
  sends,
};
inline constexpr std::size_t kAssetKinds = 8;
std::string_view name_of(AssetKind kind);  // "points"; stable, stored
std::optional<AssetKind> asset_kind_of(std::string_view name);

struct Asset {
  AssetId id;
  std::string code;
  AssetKind kind = AssetKind::points;
  std::int64_t scale = 0;   // digits behind the point, 0–kScaleMax
  base::Duration grace{0};  // for how long at least what comes back may still be spent
  LedgerAccountId expired;
  LedgerAccountId adjusted;
};

struct NewAsset {
  std::string_view code;
  AssetKind kind = AssetKind::points;
  std::int64_t scale = 0;
  base::Duration grace{0};
};
// Ids for it and its accounts, drawn before the unit.
struct AssetIds {
  AssetId asset;
  LedgerAccountId expired;
  LedgerAccountId adjusted;
  static AssetIds drawn(base::Random& random);
};

// The asset with this code, made if there is none. One that is there keeps its grace. Errors:
// bad_name (also a scale that is none), bad_term, asset_differs.
[[nodiscard]] base::Result<Asset, Fault> define(store::Unit& unit, const NewAsset& wanted,
                                                const AssetIds& ids, base::Moment now);
// Errors: unknown_asset, bad_term.
[[nodiscard]] base::Result<Asset, Fault> set_grace(store::Unit& unit, std::string_view code,
                                                   base::Duration grace);

std::optional<Asset> asset_with(store::Session& session, std::string_view code);
std::optional<Asset> asset_of(store::Session& session, AssetId id);
// By code; those after `after`, at most `rows_max`.
std::vector<Asset> assets(store::Session& session, std::string_view after, std::int64_t rows_max);

}  // namespace ledger
