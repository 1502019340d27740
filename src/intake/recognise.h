// What a file is likely to be, from the names of its columns and what its cells hold: the exports
// and templates that the table known_columns.tsv names, else any file by the words of its columns,
// Chinese and English. The answer is a proposal: a mapping that a person looks at with its preview.
// Pure; any thread.
//
// Uses in the table, beside those of a mapping's columns (`file` any: words of any file; a column
// is compared in lower case without spaces, "_" and "-"):
//   sign              the file has this column: all of them tell the file
//   kind              of the mapping
//   order             the number of an order
//   time, amount      of the event; without event: of what the file is about
//   state, state_of   the column of an order's state, and a value of it that means order_closed or
//                     order_unpaid: where the file has no time of payment, such rows pay nothing
//   of_others         in the name of a column of phones: they are somebody else's
//   leave_out         rows in which the column contains the name are examples
//   apart             an attribute that tells persons apart
//   event_column      holds the name of the event
//   line, quantity, price   of a file with a row for each thing bought
//
// A column of unknown name whose cells are phones or e-mail addresses names the customer where no
// known one does; one of times is the time where no other is and there is an amount.
//
// A file with a column of `line` beside the order's number has events, one a row; one with an
// order's number orders; one with event_column, a plain time, or a time and an amount
// (or a price alone, which is one) without a word of a person's like birthday, events; any other
// customers. Columns
// that no word is for become attributes of customers and properties of events, and are ignored in
// orders. A row for each thing bought gets no key: an order may have the same thing twice.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "intake/file_look.h"
#include "intake/mapping.h"

namespace intake {

struct KnownColumn {
  std::string_view file;
  std::string_view column;
  std::string_view use;
  std::string_view name;
  std::string_view type;
};

struct Recognised {
  std::string_view file;  // "youzan_orders", …; "any"
  Mapping mapping;        // check_mapping says what a person has to add
};
// Of a file that was looked at; a mapping for it, without header when it has none.
Recognised recognise(const FileLook& look);
// By names alone, as column_names() gives them.
Recognised recognise(std::span<const std::string> columns);

// A word of the table, or a column of a known file.
bool is_known_column(std::string_view name);

}  // namespace intake
