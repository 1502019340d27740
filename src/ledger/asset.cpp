#include "ledger/asset.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "ledger/asset_sql.h"
#include "ledger/ledger_account.h"

namespace ledger {
namespace {

constexpr std::array<std::string_view, kAssetKinds> kKindNames{
    "points", "stored_value", "commission", "stock", "prize", "coupon_quota", "budget", "sends"};

bool is_code(std::string_view code) {
  return !code.empty() && code.size() <= kAssetCodeBytesMax &&
         std::ranges::all_of(code, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_grace(base::Duration grace) { return grace >= base::Duration{0} && grace <= kGraceMax; }

Asset asset_in(const store::Row& row) {
  const auto kind = asset_kind_of(row.text(2));
  CHECK(kind);
  return {.id = {row.integer(0)},
          .code = std::string(row.text(1)),
          .kind = *kind,
          .scale = row.integer(3),
          .grace = {row.integer(4)},
          .expired = {row.integer(5)},
          .adjusted = {row.integer(6)}};
}

void open_own(store::Unit& unit, AssetId asset, std::string_view book, LedgerAccountId id,
              base::Moment now) {
  const auto opened =
      open_account(unit, {.key = {asset, std::string(kOwnOwner), "", std::string(book)},
                          .debt_allowed = true,
                          .id = id,
                          .now = now});
  CHECK(opened && *opened == id);
}

}  // namespace

std::string_view name_of(AssetKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

std::optional<AssetKind> asset_kind_of(std::string_view name) {
  const auto found = std::ranges::find(kKindNames, name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<AssetKind>(found - kKindNames.begin());
}

AssetIds AssetIds::drawn(base::Random& random) {
  AssetIds ids;
  ids.asset = {random.id()};
  ids.expired = {random.id()};
  ids.adjusted = {random.id()};
  return ids;
}

base::Result<Asset, Fault> define(store::Unit& unit, const NewAsset& wanted, const AssetIds& ids,
                                  base::Moment now) {
  if (!is_code(wanted.code) || wanted.scale < 0 || wanted.scale > kScaleMax) {
    return base::unexpected(Fault::bad_name);
  }
  if (!is_grace(wanted.grace)) return base::unexpected(Fault::bad_term);
  const bool is_new =
      unit.execute(sql::kInsertAsset,
                   {ids.asset.value, wanted.code, name_of(wanted.kind), wanted.scale,
                    wanted.grace.ms, ids.expired.value, ids.adjusted.value, now.ms}) > 0;
  if (is_new) {
    open_own(unit, ids.asset, "expired", ids.expired, now);
    open_own(unit, ids.asset, "adjusted", ids.adjusted, now);
  }
  auto asset = asset_with(unit, wanted.code);
  CHECK(asset);
  if (asset->kind != wanted.kind || asset->scale != wanted.scale) {
    return base::unexpected(Fault::asset_differs);
  }
  return std::move(*asset);
}

base::Result<Asset, Fault> set_grace(store::Unit& unit, std::string_view code,
                                     base::Duration grace) {
  if (!is_grace(grace)) return base::unexpected(Fault::bad_term);
  if (unit.execute(sql::kSetGrace, {code, grace.ms}) == 0) {
    return base::unexpected(Fault::unknown_asset);
  }
  return *asset_with(unit, code);
}

std::optional<Asset> asset_with(store::Session& session, std::string_view code) {
  return session.one(sql::kAssetWith, {code}, asset_in);
}

std::optional<Asset> asset_of(store::Session& session, AssetId id) {
  return session.one(sql::kAssetOf, {id.value}, asset_in);
}

std::vector<Asset> assets(store::Session& session, std::string_view after, std::int64_t rows_max) {
  std::vector<Asset> found;
  session.query(sql::kAssetsAfter, {after, rows_max},
                [&](const store::Row& row) { found.push_back(asset_in(row)); });
  return found;
}

}  // namespace ledger
