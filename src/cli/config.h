// The configuration file (--config FILE, TOML): what else is an option.
//
//   data = "/srv/siyu"
//   database = "postgresql://siyu@10.0.0.5/siyu"
//   listen = "127.0.0.1:8080"
//   key_file = "/etc/siyu/second_factor.key"   access/secret_seal.h; else in the data folder
//
// Unknown keys are refused. An option given on the command line wins.
#pragma once

#include <string>

#include "cli/command.h"

namespace cli {

// Throws CommandError with file and line.
void read_config(const std::string& file, Target& target, ServeArguments& serve);

}  // namespace cli
