// Printing of answers.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace cli {

// One JSON value and a line end on standard output.
void print_json(const boost::json::value& value);
void print_line(std::string_view line);
// On standard error: notes, warnings, progress.
void print_note(std::string_view line);

// A member that must be there, as text; numbers are written plain, null is "".
std::string text_of(const boost::json::value& object, std::string_view member);

// The warnings of an answer, one note each; and one when it lacks what is written already.
void print_warnings(const boost::json::value& answer);

// Throws CommandError unless `file` can be made: it is not there yet, and its folder is.
void require_new(const std::string& file);

// "1,234,567".
std::string grouped(std::int64_t number);

}  // namespace cli
