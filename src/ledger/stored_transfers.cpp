#include "ledger/stored_transfers.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/check.h"
#include "base/json.h"

namespace ledger {
namespace {

namespace json = boost::json;

json::object object_of(const Posting& posting) {
  json::object object{{"account", posting.account.value}, {"amount", posting.amount}};
  if (posting.lot) object["lot"] = posting.lot.value;
  if (posting.expires != base::kMomentMax) object["expires"] = posting.expires.ms;
  if (!posting.refund_of.empty()) object["refund_of"] = posting.refund_of;
  return object;
}

Posting posting_in(const json::object& object) {
  Posting posting{.account = {object.at("account").as_int64()},
                  .amount = object.at("amount").as_int64()};
  if (const auto* lot = object.if_contains("lot")) posting.lot = {lot->as_int64()};
  if (const auto* expires = object.if_contains("expires")) posting.expires = {expires->as_int64()};
  if (const auto* refund = object.if_contains("refund_of")) {
    posting.refund_of = std::string(refund->as_string());
  }
  return posting;
}

json::array array_in(std::string_view text) {
  if (text.empty()) return {};
  auto value = base::parse_stored_json(text);
  CHECK(value && value->is_array());
  return std::move(value->as_array());
}

}  // namespace

std::string to_stored(std::span<const Transfer> transfers) {
  if (transfers.empty()) return {};
  json::array all;
  for (const Transfer& transfer : transfers) {
    json::array postings;
    for (const Posting& posting : transfer.postings) postings.push_back(object_of(posting));
    all.push_back(std::move(postings));
  }
  return json::serialize(all);
}

std::string to_stored(std::span<const std::int64_t> amounts) {
  if (amounts.empty()) return {};
  return json::serialize(json::array(amounts.begin(), amounts.end()));
}

std::vector<Transfer> stored_transfers(std::string_view text) {
  std::vector<Transfer> transfers;
  for (const json::value& each : array_in(text)) {
    Transfer transfer;
    for (const json::value& posting : each.as_array()) {
      transfer.postings.push_back(posting_in(posting.as_object()));
    }
    transfers.push_back(std::move(transfer));
  }
  return transfers;
}

std::vector<std::int64_t> stored_amounts(std::string_view text) {
  std::vector<std::int64_t> amounts;
  for (const json::value& amount : array_in(text)) amounts.push_back(amount.as_int64());
  return amounts;
}

}  // namespace ledger
