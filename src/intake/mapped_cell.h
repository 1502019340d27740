// Inside the module: single cells as a mapping reads them. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"
#include "base/result.h"
#include "base/value.h"
#include "intake/mapping.h"

namespace intake {

// A row of cell_words.tsv.
struct CellWord {
  std::string_view use;
  std::string_view word;
  std::string_view sign;
};

// Without outer spaces, also the full-width one.
std::string_view without_spaces(std::string_view cell);
// Nothing but spaces, or what exports write for nothing: - -- —— / 无 null N/A.
bool is_blank(std::string_view cell);

// The moment, or the code of what is wrong. Excel's day numbers and local times are of the zone;
// a bare date is its first millisecond.
[[nodiscard]] base::Result<base::Moment, std::string_view> read_time(TimeFormat format,
                                                                     std::string_view cell,
                                                                     const base::Zone& zone);
// "2026-01-31" of whatever `auto` reads, "--05-17"; the code of what is wrong.
[[nodiscard]] base::Result<std::string, std::string_view> read_date(std::string_view cell);

bool holds(const CellCondition& condition, std::string_view cell);

// An identity as it is to be found, or why it is of no use: intake.identity_masked (142******05),
// intake.identity_unusable (no phone, no value), intake.phone_digits (ten or twelve digits that
// begin with 1: a mobile number with a digit lost or added). Phones come in their normal form, with
// what exports put around them dropped. Requires that it is not blank.
[[nodiscard]] base::Result<std::string, std::string_view> read_identity(std::string_view kind,
                                                                        std::string_view cell);

// Of money, decimal and int: without the sign; exact, rounded half up to the type's places.
[[nodiscard]] base::Result<std::string, std::string_view> product_of(base::ValueType type,
                                                                     std::string_view one,
                                                                     std::string_view other);

// Which of two factors, 1 or 2, makes their product less than zero; 0: it is none.
int factor_below_zero(std::string_view one, std::string_view other);

// Of the event and the cells, none of which can be taken for a part of another; empty without
// cells, and when one is blank, as the rest would name other rows too.
std::string key_of(std::string_view event, std::span<const std::string_view> cells);

// The tags of a cell, each once: split at `split`, else at , ， 、 ; ； |. Quotes around one are
// dropped; "/" becomes a space, as it divides groups from tags.
std::vector<std::string> tags_in(std::string_view cell, std::string_view split);

// The cell as the importers read a value of this type: amounts without ¥ , and 元, dates as
// read_date gives them; anything else as it is. Nothing to be done is no error.
std::string value_text(base::ValueType type, std::string_view cell);

}  // namespace intake
