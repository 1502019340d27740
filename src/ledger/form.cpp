#include "ledger/form.h"

#include <algorithm>

#include "base/text.h"

namespace ledger {
namespace {

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_why(std::string_view why) {
  return !why.empty() && why.size() <= kWhyBytesMax && base::is_utf8(why) && !has_control(why);
}

bool is_amount(std::int64_t amount) {
  return amount != 0 && amount <= kAmountMax && amount >= -kAmountMax;
}

// At most kPostingsMax amounts of kAmountMax: far from 63 bits.
std::int64_t sum_of(const Transfer& transfer) {
  std::int64_t sum = 0;
  for (const Posting& posting : transfer.postings) sum += posting.amount;
  return sum;
}

// A lot is named by what spends, an end and a refund by what receives.
bool is_one_sided(const Posting& posting) {
  if (posting.amount > 0) return !posting.lot;
  return posting.expires == base::kMomentMax && posting.refund_of.empty();
}

std::optional<Fault> postings_fault(const Bundle& bundle) {
  std::size_t postings = 0;
  bool well_formed = true;
  for (const Transfer& transfer : bundle.transfers) {
    for (const Posting& posting : transfer.postings) {
      if (!is_amount(posting.amount)) return Fault::bad_amount;
      // It may be one of the ledger's own: what ended comes back.
      const std::string& refund = posting.refund_of;
      if (refund.size() > kBundleIdBytesMax || !is_printable(refund)) well_formed = false;
    }
    well_formed = well_formed && transfer.postings.size() >= 2 &&
                  std::ranges::all_of(transfer.postings, is_one_sided);
    postings += transfer.postings.size();
  }
  if (!well_formed || postings == 0 || postings > kPostingsMax) return Fault::bad_postings;
  return std::nullopt;
}

bool is_moment(base::Moment moment) { return moment.ms >= 0; }

}  // namespace

bool is_bundle_id(std::string_view id) {
  return !id.empty() && id.size() <= kBundleIdBytesMax && is_printable(id) &&
         !id.starts_with(kOwnPrefix);
}

std::optional<Fault> fault_of(const Bundle& bundle) {
  if (!is_bundle_id(bundle.id)) return Fault::bad_id;
  if (!is_why(bundle.why)) return Fault::bad_why;
  if (const auto fault = postings_fault(bundle)) return fault;
  if (bundle.effective_at && !is_moment(*bundle.effective_at)) return Fault::bad_moment;
  for (const Transfer& transfer : bundle.transfers) {
    for (const Posting& posting : transfer.postings) {
      if (!is_moment(posting.expires)) return Fault::bad_moment;
    }
  }
  if (bundle.held_for < base::Duration{0} || bundle.held_for > kHeldForMax) return Fault::bad_term;
  const auto is_zero = [](const Transfer& transfer) { return sum_of(transfer) == 0; };
  if (!std::ranges::all_of(bundle.transfers, is_zero)) return Fault::unbalanced;
  return std::nullopt;
}

bool are_parts(std::span<const Transfer> transfers, std::span<const std::int64_t> amounts) {
  auto amount = amounts.begin();
  for (const Transfer& transfer : transfers) {
    std::int64_t sum = 0;
    for (const Posting& posting : transfer.postings) {
      if (amount == amounts.end()) return false;
      const bool within = posting.amount > 0 ? *amount >= 0 && *amount <= posting.amount
                                             : *amount <= 0 && *amount >= posting.amount;
      if (!within) return false;
      sum += *amount++;
    }
    if (sum != 0) return false;
  }
  return amount == amounts.end();
}

}  // namespace ledger
