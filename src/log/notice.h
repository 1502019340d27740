// Notices: what memories of the log must be told beside events, at its position of the total order.
//
// Histories change by what is no event: who is one person with whom (merge and its undo), who is
// gone (erase, the undo of an import), which import counts no longer. The unit that does such a
// thing writes a notice behind its rows: a row of table `event` with state 3 and neither customer
// nor type, whose properties are {"kind":"person","customer":ID} or {"kind":"batch","batch":ID}.
// The view of events does not have it, and readers of events pass over it.
//
// A notice says that something is another thing from here on, not which: whoever reads it asks the
// tables. It holds ids only, and stays when a person is erased.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/position.h"
#include "store/database.h"

namespace event_log {

// A customer: who they are, or whether they are, has changed. A batch: it is hidden from now on.
using NoticeSubject = std::variant<base::CustomerId, base::BatchId>;

struct Notice {
  Position position;
  NoticeSubject subject;
};

// Behind everything the unit has written so far; answers the position of the last one. Requires at
// least one. Log::notify does this and wakes the readers of this process.
Position write_notices(store::Unit& unit, std::span<const NoticeSubject> subjects,
                       base::Moment now);

// Those behind this position, committed or not to be read yet, in no order: what a memory that ends
// before it has read on must know of. Costs what it finds, not what lies between.
std::vector<Notice> notices_after(store::Session& session, const Position& after);

// As stored in the row. Nothing: written by a newer program, of a kind not known here.
std::string notice_text(const NoticeSubject& subject);
std::optional<NoticeSubject> notice_subject_from(std::string_view properties);

}  // namespace event_log
