// Asking what may take long, with a line on standard error that says how far it is, where somebody
// looks.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <string>

#include "cli/program.h"

namespace cli {

// POSTs `body` to `target`. `line` is asked from kProgressAfter on, every kProgressEvery; "" shows
// nothing. Only when standard error is a terminal.
struct Posted {
  std::string target;
  boost::json::object body;
};
boost::json::value ask_with_progress(Program& program, const Posted& posted,
                                     const std::function<std::string()>& line);

// The same for a heavy question, whose body may have a `reference`: its share done and the time
// left, as GET /questions tells them.
boost::json::value ask_question(Program& program, Posted posted);

}  // namespace cli
