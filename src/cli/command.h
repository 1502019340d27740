// The commands of `siyu`, one file each; main.cpp reads the arguments and calls one of these.
//
// Each answers the exit status 0; CommandError becomes status 1 and one line (with --json the
// problem, on standard output); wrong use is status 2 and is found before. With --json the answer
// is one JSON value on standard output, else lines for people; progress goes to standard error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/program.h"
#include "store/failure.h"

namespace cli {

// What happened to the database, for people.
std::string message_of(const store::Failure& failure);
std::string_view code_of(const store::Failure& failure);

struct ServeArguments {
  std::string listen = "127.0.0.1:8080";
  std::string web_folder;
  bool demo = false;
  std::int64_t demo_speed = 1;  // 0: it stands still
  bool attached = false;        // server/demo_process.h
};
int serve(const Target& target, const ServeArguments& arguments);

struct ImportArguments {
  std::string kind;  // events, customers; empty: what the file is recognised as
  std::string file;
  std::string map;  // file of a mapping; empty: none
  bool dry_run = false;
  bool live = false;
};
int import_file(const Target& target, const ImportArguments& arguments);
int undo_import(const Target& target, std::int64_t import);
int list_imports(const Target& target);

struct ExportArguments {
  std::string what;  // customers, events, audience
  std::string audience;
  std::string customer;  // of events: theirs alone
  std::string file;
};
int export_file(const Target& target, const ExportArguments& arguments);

struct QuestionArguments {
  std::string rule;
  std::optional<std::string> at;
  std::string customer;   // of explain
  bool profile = false;   // of count: also what it took
  bool estimate = false;  // of count: what it is expected to take, instead of asking
};
int count(const Target& target, const QuestionArguments& arguments);
int list(const Target& target, const QuestionArguments& arguments);
int explain(const Target& target, const QuestionArguments& arguments);

struct ValueArguments {
  std::string event = "order_paid";
  std::string amount = "amount";
  std::optional<std::string> until;  // events before it; a bare date: through that day
  std::string customers;             // file of a row a customer; "": none
};
// Status 1 also where the answer is that nothing may be said (gates, a refused fit).
int value(const Target& target, const ValueArguments& arguments);
struct StagesArguments {
  std::string model;  // key; empty: every active one
  std::optional<std::string> at;
};
int stages(const Target& target, const StagesArguments& arguments);

int check(const Target& target);
int rebuild(const Target& target, const std::string& what);
int retry_timers(const Target& target);
int backup(const Target& target, const std::string& file);
int restore(const Target& target, const std::string& file);
int migrate(const Target& target);

struct UserArguments {
  std::string name;
  std::string role = "operator";
  std::string address;        // of reset: where the console is reached, "https://siyu.example.com"
  bool generate = false;      // of reset: a new password instead of a link
  bool without_code = false;  // of reset: the second factor goes, too
};
int list_users(const Target& target);
int add_user(const Target& target, const UserArguments& arguments);
int reset_password(const Target& target, const UserArguments& arguments);
int make_reset(const Target& target, const UserArguments& arguments);
int remove_user(const Target& target, const UserArguments& arguments);

struct KeyArguments {
  std::string name;
  std::vector<std::string> scopes;
  std::string expires_at;            // "": never
  std::vector<std::string> origins;  // of a public key; none: it is a secret one
  std::int64_t id = 0;
};
int list_keys(const Target& target);
int create_key(const Target& target, const KeyArguments& arguments);
int revoke_key(const Target& target, const KeyArguments& arguments);

}  // namespace cli
