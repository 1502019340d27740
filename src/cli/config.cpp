#include "cli/config.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <filesystem>

#include "cli/message.h"

namespace cli {
namespace {

// Sets `option` from the file unless the command line has changed it from its default.
void set(const toml::node& node, std::string& option, const std::string& initial) {
  const auto text = node.value<std::string>();
  if (!text) throw WrongUse(message("config.not_text"));
  if (option == initial) option = *text;
}

}  // namespace

void read_config(const std::string& file, Target& target, ServeArguments& serve) {
  if (!std::filesystem::exists(file)) throw WrongUse(message("file.missing", file));
  const toml::parse_result parsed = toml::parse_file(file);
  if (!parsed) {
    throw WrongUse(message("config.unreadable", file,
                           static_cast<std::int64_t>(parsed.error().source().begin.line),
                           parsed.error().description()));
  }
  for (const auto& [key, node] : parsed.table()) {
    const std::string_view name = key.str();
    if (name == "data") {
      set(node, target.data, Target{}.data);
    } else if (name == "database") {
      set(node, target.database, "");
    } else if (name == "listen") {
      set(node, serve.listen, ServeArguments{}.listen);
    } else if (name == "key_file") {
      set(node, target.key_file, "");
    } else {
      throw WrongUse(message("config.unknown", file, name));
    }
  }
}

}  // namespace cli
