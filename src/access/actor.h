// Who does something: as the audit names them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"

namespace rights {

enum class ActorKind : std::uint8_t {
  user,          // id: UserId
  key,           // id: KeyId
  command_line,  // whoever may open the data folder
  import,        // id: BatchId
  system,        // the program by itself; name: which part of it
};
std::string_view name_of(ActorKind kind);  // "command_line"
std::optional<ActorKind> actor_kind_named(std::string_view name);

struct Actor {
  ActorKind kind = ActorKind::system;
  std::int64_t id = 0;    // 0 for command_line and system
  std::string name = {};  // of the user or key at that time, or the part of the system
  std::string from = {};  // the address it came from; "local"; "" unknown
  friend bool operator==(const Actor&, const Actor&) = default;
};
// "user:12", "key:3", "import:9", "command_line", "system:intake".
std::string to_text(const Actor& actor);

}  // namespace rights
