#include "ledger/ledger.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "access/audit.h"
#include "api/call.h"
#include "api/ledger_json.h"
#include "api/route.h"
#include "ledger/asset.h"
#include "ledger/ledger_account.h"
#include "ledger/reading.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct PostingBody {
  std::int64_t account = 0;
  std::int64_t amount = 0;
  std::optional<std::int64_t> lot;
  std::optional<std::string> expires;
  std::optional<std::string> refund_of;
};
BOOST_DESCRIBE_STRUCT(PostingBody, (), (account, amount, lot, expires, refund_of))

struct TransferBody {
  std::vector<PostingBody> postings;
};
BOOST_DESCRIBE_STRUCT(TransferBody, (), (postings))

struct BundleBody {
  static constexpr std::array kDefaults = {std::string_view("held_for_seconds")};
  std::string id;
  std::string why;
  std::vector<TransferBody> transfers;
  std::optional<std::string> effective_at;
  std::int64_t held_for_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(BundleBody, (), (id, why, transfers, effective_at, held_for_seconds))

struct CommitBody {
  static constexpr std::array kDefaults = {std::string_view("amounts")};
  std::string hold;
  std::vector<std::int64_t> amounts;  // none: the whole
  std::optional<std::string> effective_at;
};
BOOST_DESCRIBE_STRUCT(CommitBody, (), (hold, amounts, effective_at))

struct ReleaseBody {
  std::string hold;
};
BOOST_DESCRIBE_STRUCT(ReleaseBody, (), (hold))

struct AdjustBody {
  std::string id;
  std::string why;
  std::int64_t difference = 0;
  std::optional<std::string> expires;
};
BOOST_DESCRIBE_STRUCT(AdjustBody, (), (id, why, difference, expires))

ledger::Posting posting_of(Call& call, const PostingBody& body, const std::string& path) {
  ledger::Posting posting{.account = {body.account}, .amount = body.amount};
  if (body.lot) posting.lot = {*body.lot};
  if (body.expires)
    posting.expires = call.moment(std::string_view(*body.expires), path + "/expires");
  if (body.refund_of) posting.refund_of = *body.refund_of;
  return posting;
}

ledger::Bundle bundle_of(Call& call, const BundleBody& body) {
  ledger::Bundle bundle{.id = body.id,
                        .why = body.why,
                        .effective_at = call.moment(body.effective_at, "/effective_at")};
  // What is too long stays so.
  std::int64_t ms = 0;
  bundle.held_for = {__builtin_mul_overflow(body.held_for_seconds, 1000, &ms) ? -1 : ms};
  for (std::size_t i = 0; i < body.transfers.size(); ++i) {
    ledger::Transfer transfer;
    for (std::size_t j = 0; j < body.transfers[i].postings.size(); ++j) {
      const std::string path = "/transfers/" + std::to_string(i) + "/postings/" + std::to_string(j);
      transfer.postings.push_back(posting_of(call, body.transfers[i].postings[j], path));
    }
    bundle.transfers.push_back(std::move(transfer));
  }
  return bundle;
}

json::object to_json(const ledger::Outcome& outcome, const std::string& id) {
  const bool is_hold = outcome.held_until != base::kMomentMin;
  return {{"id", id},
          {"state", ledger::name_of(outcome.state)},
          {"entered_at", iso(outcome.entered_at)},
          {"held_until", is_hold ? json::value(iso(outcome.held_until)) : json::value(nullptr)},
          {"repeated", outcome.is_repeat}};
}

json::object to_json(const ledger::BundleSummary& summary, const FieldMask& mask) {
  return {{"id", mask.value("id", json::value(summary.id))},
          {"why", mask.value("why", json::value(summary.why))},
          {"state", ledger::name_of(summary.state)},
          {"effective_at", iso(summary.effective_at)},
          {"entered_at", iso(summary.entered_at)},
          {"held_until", iso_or_null(summary.held_until)},
          {"ended_at", iso_or_null(summary.ended_at)}};
}

// Through the desk, with who asked in the audit. A repeat answers 200, what is new `status`.
net::Response ask(Call& call, const ledger::Request& request, const std::string& id, int status) {
  const rights::Actor actor = call.caller().viewer.actor();
  const base::Moment now = call.now();
  const auto outcome = value_or_refuse(call.services().desk.ask(
      request, [actor, now, id](store::Unit& unit, const ledger::Outcome& done) {
        rights::record(unit, {.actor = actor,
                              .at = now,
                              .noun = "ledger_bundle",
                              .verb = std::string(ledger::name_of(done.state)),
                              .subject = id});
      }));
  return json_response(outcome.is_repeat ? 200 : status, to_json(outcome, id));
}

net::Response post_bundle(Call& call) {
  const auto body = call.body<BundleBody>();
  return ask(call, bundle_of(call, body), body.id, 201);
}

net::Response commit_hold(Call& call) {
  const auto body = call.body<CommitBody>();
  ledger::Commit commit{.hold = body.hold,
                        .amounts = body.amounts,
                        .effective_at = call.moment(body.effective_at, "/effective_at")};
  return ask(call, commit, body.hold, 200);
}

net::Response release_hold(Call& call) {
  const auto body = call.body<ReleaseBody>();
  return ask(call, ledger::Release{body.hold}, body.hold, 200);
}

// By a difference, never to a number: what was sold since the form was opened stays sold.
net::Response adjust_account(Call& call) {
  const auto body = call.body<AdjustBody>();
  const ledger::LedgerAccountId id{call.id(0)};
  ledger::Bundle bundle{.id = body.id, .why = body.why};
  ledger::Posting mine{.account = id, .amount = body.difference};
  if (body.expires) mine.expires = call.moment(std::string_view(*body.expires), "/expires");
  call.services().database.read([&](store::Session& session) {
    const auto account = ledger::account_of(session, id);
    if (!account) refuse(ledger::Fault::unknown_account);
    const auto asset = ledger::asset_of(session, account->key.asset);
    // A number that has no opposite is out of range by itself.
    std::int64_t opposite = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, body.difference, &opposite)) opposite = 1;
    bundle.transfers = {{{mine, {.account = asset->adjusted, .amount = opposite}}}};
  });
  return ask(call, bundle, body.id, 201);
}

net::Response list_bundles(Call& call) {
  const std::string why = call.query("why");
  if (why.empty()) throw Refusal("api.bad_query", {{"subject", "why"}});
  const std::int64_t limit = call.limit();
  json::array shown;
  json::value next = nullptr;
  std::int64_t last = 0;
  call.services().database.read([&](store::Session& session) {
    const auto found = ledger::bundles_of(
        session, {.why = why, .before = call.mark_id(), .rows_max = limit + 1, .now = call.now()});
    for (const ledger::BundleSummary& each : found) {
      if (std::ssize(shown) == limit) {
        next = std::to_string(last);
        return;
      }
      last = each.number;
      shown.push_back(to_json(each, text_mask(call)));
    }
  });
  return ok(json::object{{"bundles", std::move(shown)}, {"next", std::move(next)}});
}

// Ids of bundles are the caller's and may hold a slash: they are asked for, not walked to.
net::Response get_bundle(Call& call) {
  const std::string id = call.query("id");
  json::object shown;
  call.services().database.read([&](store::Session& session) {
    const auto found = ledger::bundle(session, id, call.now());
    if (!found) throw Refusal("api.not_there");
    shown = to_json(found->summary, text_mask(call));
    json::array postings;
    for (const ledger::Row& row : found->rows)
      postings.push_back(posting_json(row, text_mask(call)));
    shown["postings"] = std::move(postings);
  });
  return ok(shown);
}

// As it was proved last; the program proves it anew every hour.
net::Response get_proof(Call& call) {
  constexpr std::size_t kWrongShown = 100;
  const auto kept = call.services().books.kept();
  const ledger::Proof proof = kept ? kept->proof : ledger::Proof{};
  json::array wrong;
  for (const std::string& where : proof.wrong) {
    if (wrong.size() < kWrongShown) wrong.emplace_back(where);
  }
  return ok(json::object{{"state", !kept                 ? "unknown"
                                   : proof.wrong.empty() ? "balanced"
                                                         : "wrong"},
                         {"proved_at", kept ? json::value(iso(kept->at)) : json::value(nullptr)},
                         {"accounts", proof.accounts},
                         {"bundles", proof.bundles},
                         {"postings", proof.postings},
                         {"wrong", std::move(wrong)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/ledger/proof", Guard::of(Permission::ledger_read), get_proof},
    {net::Method::get, "/ledger/bundles", Guard::of(Permission::ledger_read), list_bundles},
    {net::Method::post, "/ledger/bundles", Guard::of(Permission::ledger_write), post_bundle},
    {net::Method::get, "/ledger/bundle", Guard::of(Permission::ledger_read), get_bundle},
    {net::Method::post, "/ledger/commits", Guard::of(Permission::ledger_write), commit_hold},
    {net::Method::post, "/ledger/releases", Guard::of(Permission::ledger_write), release_hold},
    {net::Method::post, "/ledger/accounts/{id}/adjustments", Guard::of(Permission::ledger_write),
     adjust_account},
};

}  // namespace

std::span<const Route> ledger_routes() { return kRoutes; }

}  // namespace api
