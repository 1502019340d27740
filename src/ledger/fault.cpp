#include "ledger/fault.h"

#include "base/check.h"

namespace ledger {

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::bad_id:
      return "ledger.bad_id";
    case Fault::bad_why:
      return "ledger.bad_why";
    case Fault::bad_name:
      return "ledger.bad_name";
    case Fault::bad_amount:
      return "ledger.bad_amount";
    case Fault::bad_postings:
      return "ledger.bad_postings";
    case Fault::bad_moment:
      return "ledger.bad_moment";
    case Fault::bad_term:
      return "ledger.bad_term";
    case Fault::unbalanced:
      return "ledger.unbalanced";
    case Fault::id_reused:
      return "ledger.id_reused";
    case Fault::unknown_asset:
      return "ledger.unknown_asset";
    case Fault::asset_differs:
      return "ledger.asset_differs";
    case Fault::unknown_account:
      return "ledger.unknown_account";
    case Fault::account_differs:
      return "ledger.account_differs";
    case Fault::mixed_assets:
      return "ledger.mixed_assets";
    case Fault::no_lots:
      return "ledger.no_lots";
    case Fault::in_future:
      return "ledger.in_future";
    case Fault::unknown_lot:
      return "ledger.unknown_lot";
    case Fault::lot_short:
      return "ledger.lot_short";
    case Fault::short_of_funds:
      return "ledger.short_of_funds";
    case Fault::unknown_refund:
      return "ledger.unknown_refund";
    case Fault::refund_exceeded:
      return "ledger.refund_exceeded";
    case Fault::too_many_lots:
      return "ledger.too_many_lots";
    case Fault::out_of_range:
      return "ledger.out_of_range";
    case Fault::unknown_hold:
      return "ledger.unknown_hold";
    case Fault::hold_committed:
      return "ledger.hold_committed";
    case Fault::hold_released:
      return "ledger.hold_released";
    case Fault::hold_expired:
      return "ledger.hold_expired";
    case Fault::commit_exceeded:
      return "ledger.commit_exceeded";
  }
  base::unreachable();
}

}  // namespace ledger
