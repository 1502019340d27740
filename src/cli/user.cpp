// user list, add, password, reset, remove. Passwords are typed, never arguments; without a terminal
// they are the first line of standard input.

#include <termios.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <iostream>

#include "base/random.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"

namespace cli {
namespace {

namespace json = boost::json;

// Turns the echo of the terminal off while it lives.
class Silence {
 public:
  Silence() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    active_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~Silence() {
    if (active_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool active_ = false;
};

std::string read_password() {
  if (::isatty(STDIN_FILENO) != 0) std::fprintf(stderr, "%s", message("user.password").c_str());
  std::string password;
  {
    const Silence silence;
    std::getline(std::cin, password);
  }
  if (::isatty(STDIN_FILENO) != 0) std::fprintf(stderr, "\n");
  return password;
}

// Letters and digits that are not taken for each other, in groups: 100 bits.
std::string new_password(base::Random& random) {
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  constexpr std::size_t kPasswordLetters = 20;
  constexpr std::size_t kGroupLetters = 5;
  std::string password;
  for (std::size_t i = 0; i < kPasswordLetters; ++i) {
    if (i > 0 && i % kGroupLetters == 0) password += '-';
    password += kLetters[random.next() % kLetters.size()];
  }
  return password;
}

std::int64_t id_of(Program& program, const std::string& name) {
  const json::value answer = program.ask(net::Method::get, "/api/v1/users");
  for (const json::value& user : answer.at("users").as_array()) {
    if (text_of(user, "name") == name) return user.at("id").as_int64();
  }
  throw CommandError(message("user.unknown", name));
}

std::string path_of(std::int64_t id) { return "/api/v1/users/" + std::to_string(id); }

}  // namespace

int list_users(const Target& target) {
  Program program(target, Missing::is_made);
  const json::value answer = program.ask(net::Method::get, "/api/v1/users");
  if (target.json) {
    print_json(answer);
    return 0;
  }
  for (const json::value& user : answer.at("users").as_array()) {
    print_line(text_of(user, "name") + "\t" + text_of(user, "role") + "\t" +
               text_of(user, "state"));
  }
  return 0;
}

int add_user(const Target& target, const UserArguments& arguments) {
  Program program(target, Missing::is_made);
  const json::value user = program.ask(
      net::Method::post, "/api/v1/users",
      json::object{
          {"name", arguments.name}, {"role", arguments.role}, {"password", read_password()}});
  if (target.json) {
    print_json(user);
  } else {
    print_line(message("user.added", arguments.name));
  }
  return 0;
}

int reset_password(const Target& target, const UserArguments& arguments) {
  Program program(target, Missing::is_made);
  const json::value user = program.ask(net::Method::patch, path_of(id_of(program, arguments.name)),
                                       json::object{{"password", read_password()}});
  if (target.json) {
    print_json(user);
  } else {
    print_line(message("user.password_changed", arguments.name));
  }
  return 0;
}

int make_reset(const Target& target, const UserArguments& arguments) {
  Program program(target, Missing::is_made);
  const std::string path = path_of(id_of(program, arguments.name));
  if (arguments.without_code) program.ask(net::Method::del, path + "/second-factor");
  if (arguments.generate) {
    base::SystemRandom random;
    const std::string password = new_password(random);
    program.ask(net::Method::patch, path, json::object{{"password", password}});
    if (target.json) {
      print_json(json::object{{"user", arguments.name}, {"password", password}});
    } else {
      print_line(message("user.password_generated", arguments.name, password));
    }
    return 0;
  }
  const json::value link = program.ask(net::Method::post, path + "/reset");
  const std::string url = arguments.address + "/reset#token=" + text_of(link, "token");
  if (target.json) {
    print_json(json::object{
        {"user", arguments.name}, {"link", url}, {"expires_at", text_of(link, "expires_at")}});
  } else {
    print_line(message("user.reset", arguments.name, url,
                       in_zone(text_of(link, "expires_at"), zone_of(program))));
  }
  return 0;
}

int remove_user(const Target& target, const UserArguments& arguments) {
  Program program(target, Missing::is_made);
  program.ask(net::Method::del, path_of(id_of(program, arguments.name)));
  if (target.json) {
    print_json(json::object{{"removed", arguments.name}});
  } else {
    print_line(message("user.removed", arguments.name));
  }
  return 0;
}

}  // namespace cli
