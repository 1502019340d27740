// Where a command finds the data: through the socket of the server running on the folder, or by
// opening the database in this process. Either way the command speaks the API of the program.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/calendar.h"
#include "net/http.h"

namespace cli {

inline constexpr std::string_view kSocketName = "siyu.sock";

// What every command is told (--data, --database, --json).
struct Target {
  std::string data = "data";  // with `database` empty unless it was given
  std::string database;
  std::string key_file;  // of second factors, from the configuration; empty: in the folder
  bool json = false;
  bool chinese = true;  // of messages: from LANG
};

// Ends the command with status 1 and one line that says what to do; with --json the problem as one
// JSON line instead.
class CommandError : public std::runtime_error {
 public:
  explicit CommandError(const std::string& line) : std::runtime_error(line) {}
  // `problem`: what the API answered.
  CommandError(const std::string& line, boost::json::object problem)
      : std::runtime_error(line), problem_(std::move(problem)) {}
  const boost::json::object& problem() const { return problem_; }  // empty: there is none

 private:
  boost::json::object problem_;
};

// An argument or a line of the configuration file that cannot be meant: status 2.
class WrongUse : public CommandError {
 public:
  explicit WrongUse(const std::string& line) : CommandError(line) {}
};

// Ctrl+C ended a question of this process: status 130.
class Interrupted : public CommandError {
 public:
  Interrupted();
};

// Throws WrongUse for what is no address of PostgreSQL; empty: none is used.
void require_postgresql(const std::string& url);

// A server answers on the folder's socket. Throws CommandError when one is there and does not.
bool is_served(const Target& target);

// Throws CommandError when the folder has no database.
void require_data(const Target& target);

// Whether a command makes the data folder and the database when they are missing.
enum class Missing : unsigned char { is_error, is_made };

class Program {
 public:
  explicit Program(const Target& target, Missing missing = Missing::is_error);
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

// Of the workspace; people read moments in it, with --json they are in UTC.
base::Zone zone_of(Program& program);
// "2026-01-31T08:00:00.000+08:00" of a moment the API wrote.
std::string in_zone(const std::string& moment, const base::Zone& zone);

}  // namespace cli
