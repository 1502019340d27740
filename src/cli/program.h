// Where a command finds the data: through the socket of the server running on the folder, or by
// opening the database in this process. Either way the command speaks the API of the program.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "net/http.h"

namespace cli {

inline constexpr std::string_view kSocketName = "siyu.sock";

// What every command is told (--data, --database, --json).
struct Target {
  std::string data = "data";
  std::string database;
  bool json = false;
  bool chinese = true;  // of messages: from LANG
};

// Ends the command with status 1 and one line that says what to do.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Program {
 public:
  explicit Program(const Target& target);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // One request as the command line ("local"). Throws CommandError when there is no answer.
  net::Response send(net::Method method, const std::string& target, std::string body = "");

  // The body of a 2xx answer; any other becomes a CommandError with the problem's sentence.
  boost::json::value ask(net::Method method, const std::string& target,
                         const boost::json::value& body = nullptr);

  // A server runs on the folder.
  bool remote() const;
  const Target& target() const { return target_; }

 private:
  class Local;
  class Remote;
  Target target_;
  std::unique_ptr<Local> local_;
  std::unique_ptr<Remote> remote_;
};

}  // namespace cli
