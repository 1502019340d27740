// Reads the arguments (CLI11 stays in this file) and runs one command.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/object.hpp>
#include <cstdio>
#include <span>
#include <vector>

#include "base/text.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/message.h"
#include "cli/output.h"
#include "store/failure.h"

namespace {

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr int kInterrupted = 130;

// What the arguments of all commands are read into; one of the commands sets `run`.
struct Arguments {
  cli::Target target;
  std::string config;
  cli::ServeArguments serve;
  cli::ImportArguments import;
  cli::ExportArguments output;
  cli::QuestionArguments question;
  cli::ValueArguments value;
  cli::StagesArguments stages;
  cli::UserArguments user;
  cli::KeyArguments key;
  std::string file;
  std::int64_t import_id = 0;
  std::function<int(const cli::Target&)> run;
  std::vector<const CLI::Option*> data;  // --data of every command
};

void add_target(CLI::App& command, Arguments& arguments) {
  arguments.data.push_back(
      command.add_option("--data", arguments.target.data, cli::message("help.data")));
  command.add_option("--database", arguments.target.database, cli::message("help.database"));
  command.add_option("--config", arguments.config, cli::message("help.config"));
  command.add_flag("--json", arguments.target.json, cli::message("help.json"));
}

CLI::App& add_command(CLI::App& parent, Arguments& arguments, const std::string& name,
                      std::function<int(const cli::Target&)> run) {
  CLI::App* command = parent.add_subcommand(name, cli::message("help." + name));
  add_target(*command, arguments);
  command->callback([&arguments, run = std::move(run)] { arguments.run = run; });
  return *command;
}

void add_serve(CLI::App& app, Arguments& arguments) {
  CLI::App& command = add_command(app, arguments, "serve", [&arguments](const cli::Target& target) {
    return cli::serve(target, arguments.serve);
  });
  command.add_option("--listen", arguments.serve.listen, cli::message("help.listen"));
  command.add_flag("--demo", arguments.serve.demo, cli::message("help.demo"));
  command.add_flag("--attached", arguments.serve.attached)->group("");  // not for people
  command.add_option("--web-dir", arguments.serve.web_folder, cli::message("help.web_dir"));
}

// `kind` empty: what the file is recognised as.
void add_import_file(CLI::App& command, Arguments& arguments, const char* kind) {
  CLI::Option* file = command.add_option("file", arguments.import.file, cli::message("help.file"));
  command.add_option("--map", arguments.import.map, cli::message("help.map"));
  command.add_flag("--dry-run", arguments.import.dry_run, cli::message("help.dry_run"));
  command.add_flag("--live", arguments.import.live, cli::message("help.live"));
  const bool is_any = *kind == '\0';
  if (!is_any) file->required();
  command.callback([&arguments, &command, kind, is_any] {
    if (is_any && !command.get_subcommands().empty()) return;
    if (arguments.import.file.empty()) throw CLI::RequiredError("file");
    arguments.import.kind = kind;
    arguments.run = [&arguments](const cli::Target& target) {
      return cli::import_file(target, arguments.import);
    };
  });
}

void add_imports(CLI::App& app, Arguments& arguments) {
  CLI::App* import = app.add_subcommand("import", cli::message("help.import"));
  import->require_subcommand(0, 1);
  add_target(*import, arguments);
  add_import_file(*import, arguments, "");
  for (const char* kind : {"events", "customers"}) {
    CLI::App* command =
        import->add_subcommand(kind, cli::message(std::string("help.import_") + kind));
    add_target(*command, arguments);
    add_import_file(*command, arguments, kind);
  }
  CLI::App& undo = add_command(*import, arguments, "undo", [&arguments](const cli::Target& target) {
    return cli::undo_import(target, arguments.import_id);
  });
  undo.add_option("id", arguments.import_id, cli::message("help.import_id"))->required();
  add_command(app, arguments, "imports", cli::list_imports);
}

void add_export(CLI::App& app, Arguments& arguments) {
  CLI::App* output = app.add_subcommand("export", cli::message("help.export"));
  output->require_subcommand(1);
  for (const char* what : {"customers", "events", "audience"}) {
    CLI::App* command =
        output->add_subcommand(what, cli::message(std::string("help.export_") + what));
    add_target(*command, arguments);
    if (std::string_view(what) == "audience") {
      command->add_option("name", arguments.output.audience, cli::message("help.audience"))
          ->required();
    }
    command->add_option("file", arguments.output.file, cli::message("help.file_out"))->required();
    if (std::string_view(what) == "events") {
      command->add_option("--customer", arguments.output.customer,
                          cli::message("help.customer_events"));
    }
    command->callback([&arguments, what] {
      arguments.output.what = what;
      arguments.run = [&arguments](const cli::Target& target) {
        return cli::export_file(target, arguments.output);
      };
    });
  }
}

void add_stages(CLI::App& app, Arguments& arguments) {
  CLI::App& command = add_command(
      app, arguments, "stages",
      [&arguments](const cli::Target& target) { return cli::stages(target, arguments.stages); });
  command.add_option("--model", arguments.stages.model, cli::message("help.model"));
  command.add_option("--at", arguments.stages.at, cli::message("help.at"));
}

void add_questions(CLI::App& app, Arguments& arguments) {
  using Run = int (*)(const cli::Target&, const cli::QuestionArguments&);
  const std::pair<const char*, Run> commands[] = {
      {"count", cli::count}, {"list", cli::list}, {"explain", cli::explain}};
  for (const auto& [name, run] : commands) {
    CLI::App& command =
        add_command(app, arguments, name, [&arguments, run = run](const cli::Target& target) {
          return run(target, arguments.question);
        });
    command.add_option("rule", arguments.question.rule, cli::message("help.rule"))->required();
    command.add_option("--at", arguments.question.at, cli::message("help.at"));
    if (std::string_view(name) == "count") {
      command.add_flag("--profile", arguments.question.profile, cli::message("help.profile"));
      command.add_flag("--estimate", arguments.question.estimate, cli::message("help.estimate"));
    }
    if (std::string_view(name) == "explain") {
      command.add_option("--customer", arguments.question.customer, cli::message("help.customer"))
          ->required();
    }
  }
}

void add_value(CLI::App& app, Arguments& arguments) {
  CLI::App& command = add_command(app, arguments, "value", [&arguments](const auto& target) {
    return cli::value(target, arguments.value);
  });
  command.add_option("--event", arguments.value.event, cli::message("help.value_event"));
  command.add_option("--amount", arguments.value.amount, cli::message("help.value_amount"));
  command.add_option("--until", arguments.value.until, cli::message("help.value_until"));
  command.add_option("--customers", arguments.value.customers,
                     cli::message("help.value_customers"));
}

void add_rebuild(CLI::App& app, Arguments& arguments) {
  CLI::App* rebuild = app.add_subcommand("rebuild", cli::message("help.rebuild"));
  rebuild->require_subcommand(1);
  for (const char* what : {"orders", "friendships"}) {
    CLI::App* command =
        rebuild->add_subcommand(what, cli::message(std::string("help.rebuild_") + what));
    add_target(*command, arguments);
    command->callback([&arguments, what] {
      arguments.run = [what](const cli::Target& target) { return cli::rebuild(target, what); };
    });
  }
}

void add_retry(CLI::App& app, Arguments& arguments) {
  CLI::App* retry = app.add_subcommand("retry", cli::message("help.retry"));
  retry->require_subcommand(1);
  CLI::App* timers = retry->add_subcommand("timers", cli::message("help.retry_timers"));
  add_target(*timers, arguments);
  timers->callback([&arguments] { arguments.run = cli::retry_timers; });
}

void add_operations(CLI::App& app, Arguments& arguments) {
  add_command(app, arguments, "check", cli::check);
  add_command(app, arguments, "migrate", cli::migrate);
  CLI::App& backup = add_command(app, arguments, "backup", [&arguments](const cli::Target& target) {
    return cli::backup(target, arguments.file);
  });
  backup.add_option("file", arguments.file, cli::message("help.file_out"))->required();
  CLI::App& restore = add_command(
      app, arguments, "restore",
      [&arguments](const cli::Target& target) { return cli::restore(target, arguments.file); });
  restore.add_option("file", arguments.file, cli::message("help.backup_file"));
  restore.parse_complete_callback([&arguments] {
    if (arguments.file.empty() && arguments.target.database.empty() && arguments.config.empty()) {
      throw CLI::RequiredError("file");
    }
  });
}

void add_users(CLI::App& app, Arguments& arguments) {
  using Run = int (*)(const cli::Target&, const cli::UserArguments&);
  CLI::App* user = app.add_subcommand("user", cli::message("help.user"));
  user->require_subcommand(1);
  add_command(*user, arguments, "list", cli::list_users);
  const std::pair<const char*, Run> commands[] = {{"add", cli::add_user},
                                                  {"password", cli::reset_password},
                                                  {"reset", cli::make_reset},
                                                  {"remove", cli::remove_user}};
  for (const auto& [name, run] : commands) {
    CLI::App* command = user->add_subcommand(name, cli::message(std::string("help.user_") + name));
    add_target(*command, arguments);
    command->add_option("name", arguments.user.name, cli::message("help.user_name"))->required();
    if (std::string_view(name) == "add") {
      command->add_option("--role", arguments.user.role, cli::message("help.role"));
    }
    if (std::string_view(name) == "reset") {
      command->add_flag("--generate", arguments.user.generate, cli::message("help.generate"));
      command->add_flag("--without-code", arguments.user.without_code,
                        cli::message("help.without_code"));
      command->add_option("--address", arguments.user.address, cli::message("help.address"));
    }
    command->callback([&arguments, run = run] {
      arguments.run = [&arguments, run](const cli::Target& target) {
        return run(target, arguments.user);
      };
    });
  }
}

void add_keys(CLI::App& app, Arguments& arguments) {
  CLI::App* key = app.add_subcommand("key", cli::message("help.key"));
  key->require_subcommand(1);
  CLI::App& list = add_command(*key, arguments, "list", cli::list_keys);
  list.description(cli::message("help.key_list"));
  CLI::App& create = add_command(*key, arguments, "create", [&arguments](const auto& target) {
    return cli::create_key(target, arguments.key);
  });
  create.add_option("name", arguments.key.name, cli::message("help.key_name"))->required();
  create.add_option("--scope", arguments.key.scopes, cli::message("help.key_scope"));
  create.add_option("--origin", arguments.key.origins, cli::message("help.key_origin"));
  create.add_option("--expires", arguments.key.expires_at, cli::message("help.key_expires"));
  CLI::App& revoke = add_command(*key, arguments, "revoke", [&arguments](const auto& target) {
    return cli::revoke_key(target, arguments.key);
  });
  revoke.add_option("id", arguments.key.id, cli::message("help.key_id"))->required();
}

// The words CLI11 puts around the texts of a help.
void speak(CLI::App& app) {
  const auto formatter = std::make_shared<CLI::Formatter>();
  for (const char* word :
       {"Usage", "Positionals", "OPTIONS", "SUBCOMMAND", "REQUIRED", "TEXT", "INT"}) {
    formatter->label(word, cli::message(std::string("help.label_") + word));
  }
  formatter->column_width(32);
  app.formatter(formatter);
  app.option_defaults()->group(cli::message("help.label_options"));
  app.set_help_flag("-h,--help", cli::message("help.help"));
  app.set_version_flag("--version", std::string(SIYU_VERSION), cli::message("help.version"));
}

// All commands stand under one heading of the help.
void head_commands(CLI::App& app) {
  for (CLI::App* command : app.get_subcommands({})) {
    command->group(cli::message("help.label_commands"));
    command->get_help_ptr()->group(cli::message("help.label_options"));
    head_commands(*command);
  }
}

using Words = std::span<char* const>;  // the arguments, without the program's name

struct Meant {
  CLI::App* command;
  std::string name;  // "siyu import events"
  std::string rest;  // the first word that names no command
};

// As far as the words name commands.
Meant meant_by(Words words, CLI::App& app) {
  Meant meant{&app, "siyu", ""};
  for (const char* word : words) {
    const std::vector<CLI::App*> commands = meant.command->get_subcommands({});
    const auto next = std::ranges::find(commands, word, &CLI::App::get_name);
    if (next == commands.end()) {
      meant.rest = word;
      break;
    }
    meant.command = *next;
    meant.name += " " + std::string(word);
  }
  return meant;
}

std::vector<std::string> names_of(const std::vector<CLI::App*>& commands) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands) names.push_back(command->get_name());
  return names;
}

// The first word that looks like an option and is none of `command`; empty: all are.
std::string unknown_option(Words words, const CLI::App& command) {
  for (const std::string_view word : words) {
    const std::string name(word.substr(0, word.find('=')));
    if (name.starts_with("--") && command.get_option_no_throw(name) == nullptr) return name;
  }
  return "";
}

std::string with_nearest(std::string line, const std::string& word,
                         const std::vector<std::string>& known) {
  if (const auto nearest = base::nearest(word, known)) {
    line += cli::message("question.nearest", *nearest);
  }
  return line;
}

// What is wrong with the arguments, and what to do, in one line.
std::string wrong_use(Words words, CLI::App& app, const CLI::ParseError& error) {
  const auto [command, name, rest] = meant_by(words, app);
  const std::vector<std::string> commands = names_of(command->get_subcommands({}));
  const std::string help = cli::message("use.help", name);
  if (!commands.empty() && !rest.empty() && !rest.starts_with("-")) {
    return with_nearest(cli::message("use.unknown_command", rest), rest, commands) + help;
  }
  if (const std::string option = unknown_option(words, *command); !option.empty()) {
    std::vector<std::string> options;
    for (const CLI::Option* each : command->get_options()) options.push_back(each->get_name());
    return with_nearest(cli::message("use.unknown_option", option), option, options) + help;
  }
  if (!commands.empty()) return cli::message("use.no_command", name) + help;
  const std::string what = error.what();
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return cli::message("use.missing", what.substr(0, what.find(' '))) + help;
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return cli::message("use.too_much") + help;
  }
  return cli::message("use.wrong_value", what) + help;
}

// One line for people, or the problem for programs.
int report(const cli::Target& target, int status, const std::string& line,
           boost::json::object problem) {
  if (!target.json) {
    std::fprintf(stderr, "siyu: %s\n", line.c_str());
    return status;
  }
  problem.emplace("code", "command.failed");
  problem.emplace("detail", line);
  cli::print_json(problem);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const Words words(argv + 1, argc > 0 ? static_cast<std::size_t>(argc - 1) : 0);
  Arguments arguments;
  arguments.target.chinese = cli::speaks_chinese();
  CLI::App app(cli::message("help.siyu"), "siyu");
  speak(app);
  app.require_subcommand(1);
  add_serve(app, arguments);
  add_imports(app, arguments);
  add_export(app, arguments);
  add_questions(app, arguments);
  add_value(app, arguments);
  add_stages(app, arguments);
  add_operations(app, arguments);
  add_rebuild(app, arguments);
  add_retry(app, arguments);
  add_users(app, arguments);
  add_keys(app, arguments);
  head_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "siyu: %s\n", wrong_use(words, app, error).c_str());
    return kWrongUse;
  }
  try {
    if (!arguments.config.empty())
      cli::read_config(arguments.config, arguments.target, arguments.serve);
    if (arguments.user.address.empty()) arguments.user.address = "http://" + arguments.serve.listen;
    cli::require_postgresql(arguments.target.database);
    const bool data_given =
        arguments.target.data != cli::Target{}.data ||
        std::ranges::any_of(arguments.data, [](const auto* data) { return data->count() > 0; });
    // Beside PostgreSQL nothing is put into a folder nobody has named.
    if (!arguments.target.database.empty() && !data_given) arguments.target.data.clear();
    return arguments.run(arguments.target);
  } catch (const cli::WrongUse& error) {
    return report(arguments.target, kWrongUse, error.what(), {});
  } catch (const cli::Interrupted& error) {
    return report(arguments.target, kInterrupted, error.what(), {});
  } catch (const cli::CommandError& error) {
    return report(arguments.target, kFailed, error.what(), error.problem());
  } catch (const store::Failure& failure) {
    return report(arguments.target, kFailed, cli::message_of(failure),
                  {{"code", cli::code_of(failure)}});
  }
}
