#include "ledger/ledger_account.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "access/audit.h"
#include "api/call.h"
#include "api/filter.h"
#include "api/ledger_json.h"
#include "api/route.h"
#include "ledger/asset.h"
#include "ledger/reading.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::int64_t kLotsShown = 100;

struct NewAssetBody {
  static constexpr std::array kDefaults = {std::string_view("scale"),
                                           std::string_view("grace_seconds")};
  std::string code;
  std::string kind;
  std::int64_t scale = 0;
  std::int64_t grace_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(NewAssetBody, (), (code, kind, scale, grace_seconds))

struct AssetChangeBody {
  std::int64_t grace_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(AssetChangeBody, (), (grace_seconds))

struct NewAccountBody {
  static constexpr std::array kDefaults = {
      std::string_view("owner"), std::string_view("debt_allowed"), std::string_view("has_lots")};
  std::string asset;
  std::string owner_kind;
  std::string owner;
  std::string book;
  bool debt_allowed = false;
  bool has_lots = false;
};
BOOST_DESCRIBE_STRUCT(NewAccountBody, (), (asset, owner_kind, owner, book, debt_allowed, has_lots))

json::object to_json(const ledger::Asset& asset) {
  return {{"id", asset.id.value},
          {"code", asset.code},
          {"kind", ledger::name_of(asset.kind)},
          {"scale", asset.scale},
          {"grace_seconds", asset.grace.ms / 1000},
          {"expired", asset.expired.value},
          {"adjusted", asset.adjusted.value}};
}

json::object to_json(Call& call, store::Session& session, const ledger::LedgerAccount& account) {
  const auto asset = ledger::asset_of(session, account.key.asset);
  const ledger::Balance balance = ledger::balance(session, account.id, call.now());
  return {{"id", account.id.value},
          {"asset", asset ? asset->code : ""},
          {"owner_kind", account.key.owner_kind},
          {"owner", text_mask(call).value("owner", json::value(account.key.owner))},
          {"book", account.key.book},
          {"debt_allowed", account.debt_allowed},
          {"has_lots", account.has_lots},
          {"opened_at", iso(account.opened_at)},
          {"posted", balance.posted},
          {"held", balance.held},
          {"free", balance.free()}};
}

// What the audit says of it, with who and when.
struct Told {
  std::string noun;
  std::string verb;
  std::int64_t subject = 0;
  std::optional<std::string> before = std::nullopt;
  std::optional<std::string> after = std::nullopt;
};
void record(Call& call, store::Unit& unit, const Told& told) {
  rights::record(unit, {.actor = call.caller().viewer.actor(),
                        .at = call.now(),
                        .noun = told.noun,
                        .verb = told.verb,
                        .subject = std::to_string(told.subject),
                        .before = told.before,
                        .after = told.after});
}

// Whole seconds as a length; what is beyond all lengths stays so.
base::Duration length_of(std::int64_t seconds) {
  std::int64_t ms = 0;
  return {__builtin_mul_overflow(seconds, 1000, &ms) ? -1 : ms};
}

ledger::Asset asset_named(store::Session& session, std::string_view code) {
  auto asset = ledger::asset_with(session, code);
  if (!asset) refuse(ledger::Fault::unknown_asset);
  return std::move(*asset);
}

net::Response list_assets(Call& call) {
  const std::string after = call.query("after");
  const std::int64_t limit = call.limit();
  json::array shown;
  json::value next = nullptr;
  call.services().database.read([&](store::Session& session) {
    const auto found = ledger::assets(session, after, limit + 1);
    for (const ledger::Asset& asset : found) {
      if (std::ssize(shown) == limit) {
        next = shown.back().at("code");
        return;
      }
      shown.push_back(to_json(asset));
    }
  });
  return ok(json::object{{"assets", std::move(shown)}, {"next", std::move(next)}});
}

net::Response create_asset(Call& call) {
  const auto body = call.body<NewAssetBody>();
  const auto kind = ledger::asset_kind_of(body.kind);
  if (!kind) refuse(ledger::Fault::bad_name);
  const ledger::NewAsset wanted{body.code, *kind, body.scale, length_of(body.grace_seconds)};
  const auto ids = ledger::AssetIds::drawn(call.services().random);
  return created(to_json(
      value_or_refuse(call.services().database.write("asset.define", [&](store::Unit& unit) {
        auto asset = ledger::define(unit, wanted, ids, call.now());
        if (asset && asset->id == ids.asset) {
          record(call, unit,
                 {.noun = "asset",
                  .verb = "created",
                  .subject = asset->id.value,
                  .after = json::serialize(to_json(*asset))});
        }
        return asset;
      }))));
}

net::Response change_asset(Call& call) {
  const auto body = call.body<AssetChangeBody>();
  const ledger::AssetId id{call.id(0)};
  return ok(to_json(value_or_refuse(call.services().database.write(
      "asset.change", [&](store::Unit& unit) -> base::Result<ledger::Asset, ledger::Fault> {
        const auto before = ledger::asset_of(unit, id);
        if (!before) return base::unexpected(ledger::Fault::unknown_asset);
        auto asset = ledger::set_grace(unit, before->code, length_of(body.grace_seconds));
        if (asset && asset->grace != before->grace) {
          record(call, unit,
                 {.noun = "asset",
                  .verb = "changed",
                  .subject = id.value,
                  .before = json::serialize(to_json(*before)),
                  .after = json::serialize(to_json(*asset))});
        }
        return asset;
      }))));
}

net::Response list_accounts(Call& call) {
  const std::string owner_kind = call.query("owner_kind");
  const std::string owner = call.query("owner");
  const std::string asset = call.query("asset");
  if (owner_kind.empty() && asset.empty()) throw Refusal("api.bad_query", {{"subject", "asset"}});
  const std::int64_t limit = call.limit();
  json::array shown;
  json::value next = nullptr;
  call.services().database.read([&](store::Session& session) {
    ledger::AccountsAsked asked{
        .owner_kind = owner_kind, .owner = owner, .after = {call.mark_id()}, .rows_max = limit + 1};
    if (!asset.empty()) asked.asset = asset_named(session, asset).id;
    for (const ledger::LedgerAccount& account : ledger::accounts(session, asked)) {
      if (std::ssize(shown) == limit) {
        next = std::to_string(shown.back().at("id").as_int64());
        return;
      }
      shown.push_back(to_json(call, session, account));
    }
  });
  return ok(json::object{{"accounts", std::move(shown)}, {"next", std::move(next)}});
}

net::Response open_account(Call& call) {
  const auto body = call.body<NewAccountBody>();
  const ledger::LedgerAccountId id{call.services().random.id()};
  const auto opened = value_or_refuse(call.services().database.write(
      "ledger_account.open",
      [&](store::Unit& unit) -> base::Result<ledger::LedgerAccountId, ledger::Fault> {
        const auto asset = ledger::asset_with(unit, body.asset);
        if (!asset) return base::unexpected(ledger::Fault::unknown_asset);
        auto account =
            ledger::open_account(unit, {.key = {asset->id, body.owner_kind, body.owner, body.book},
                                        .debt_allowed = body.debt_allowed,
                                        .has_lots = body.has_lots,
                                        .id = id,
                                        .now = call.now()});
        if (account && *account == id) {
          const auto made = ledger::account_of(unit, id);
          record(call, unit,
                 {.noun = "ledger_account",
                  .verb = "opened",
                  .subject = id.value,
                  .after = json::serialize(to_json(call, unit, *made))});
        }
        return account;
      }));
  return created(call.services().database.read([&](store::Session& session) {
    return json::value(to_json(call, session, *ledger::account_of(session, opened)));
  }));
}

json::array lots_of(store::Session& session, ledger::LedgerAccountId id) {
  json::array lots;
  for (const ledger::LotLeft& each : ledger::lots_of(session, id, kLotsShown)) {
    const bool ends = each.lot.expires != base::kMomentMax;
    lots.push_back(json::object{
        {"id", each.lot.id.value},
        {"left", each.lot.left},
        {"held", each.lot.held},
        {"expires", ends ? json::value(iso(each.lot.expires)) : json::value(nullptr)},
        {"parent", each.parent ? json::value(each.parent.value) : json::value(nullptr)}});
  }
  return lots;
}

// `at`: also what was there at a moment, by when it was true; `known_at`: and was entered by then.
net::Response get_account(Call& call) {
  const ledger::LedgerAccountId id{call.id(0)};
  const auto at = query_moment(call, "at");
  const auto known_at = query_moment(call, "known_at");
  json::object shown;
  call.services().database.read([&](store::Session& session) {
    const auto account = ledger::account_of(session, id);
    if (!account) refuse(ledger::Fault::unknown_account);
    shown = to_json(call, session, *account);
    shown["lots"] = lots_of(session, id);
    shown["at"] = nullptr;
    if (!at) return;
    shown["at"] = json::object{
        {"moment", iso(*at)},
        {"posted", ledger::balance_at(session, {.account = id,
                                                .effective = *at,
                                                .entered = known_at.value_or(base::kMomentMax)})}};
  });
  return ok(shown);
}

net::Response get_statement(Call& call) {
  const ledger::LedgerAccountId id{call.id(0)};
  const std::int64_t limit = call.limit();
  json::array rows;
  json::value next = nullptr;
  call.services().database.read([&](store::Session& session) {
    if (!ledger::account_of(session, id)) refuse(ledger::Fault::unknown_account);
    const auto found = ledger::statement(
        session, {.account = id, .before = call.mark_id(), .rows_max = limit + 1});
    for (const ledger::StatementRow& each : found) {
      if (std::ssize(rows) == limit) {
        next = std::to_string(rows.back().at("sequence").as_int64());
        return;
      }
      json::object row = posting_json(each.row, text_mask(call));
      row["bundle"] = text_mask(call).value("bundle", json::value(each.bundle_id));
      row["why"] = text_mask(call).value("why", json::value(each.why));
      row["balance"] = each.balance;
      rows.push_back(std::move(row));
    }
  });
  return ok(json::object{{"rows", std::move(rows)}, {"next", std::move(next)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/ledger/assets", Guard::of(Permission::ledger_read), list_assets},
    {net::Method::post, "/ledger/assets", Guard::of(Permission::ledger_write), create_asset},
    {net::Method::patch, "/ledger/assets/{id}", Guard::of(Permission::ledger_write), change_asset},
    {net::Method::get, "/ledger/accounts", Guard::of(Permission::ledger_read), list_accounts},
    {net::Method::post, "/ledger/accounts", Guard::of(Permission::ledger_write), open_account},
    {net::Method::get, "/ledger/accounts/{id}", Guard::of(Permission::ledger_read), get_account},
    {net::Method::get, "/ledger/accounts/{id}/statement", Guard::of(Permission::ledger_read),
     get_statement},
};

}  // namespace

json::object posting_json(const ledger::Row& row, const FieldMask& mask) {
  return {
      {"account", row.account.value},
      {"sequence", row.sequence},
      {"amount", row.amount},
      {"lot", row.lot ? json::value(row.lot.value) : json::value(nullptr)},
      {"effective_at", iso(row.effective_at)},
      {"entered_at", iso(row.entered_at)},
      {"refund_of", row.refund_of.empty() ? json::value(nullptr)
                                          : mask.value("refund_of", json::value(row.refund_of))}};
}

std::span<const Route> ledger_account_routes() { return kRoutes; }

}  // namespace api
