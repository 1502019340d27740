#include "access/viewer.h"

#include <algorithm>
#include <array>

namespace rights {
namespace {
constexpr std::array<std::string_view, 5> kActorKinds = {"user", "key", "command_line", "import",
                                                         "system"};
}

std::string_view name_of(ActorKind kind) { return kActorKinds[static_cast<std::size_t>(kind)]; }

std::optional<ActorKind> actor_kind_named(std::string_view name) {
  const auto found = std::ranges::find(kActorKinds, name);
  if (found == kActorKinds.end()) return std::nullopt;
  return static_cast<ActorKind>(found - kActorKinds.begin());
}

std::string to_text(const Actor& actor) {
  std::string text(name_of(actor.kind));
  if (actor.kind == ActorKind::command_line) return text;
  if (actor.kind == ActorKind::system) return actor.name.empty() ? text : text + ":" + actor.name;
  return text + ":" + std::to_string(actor.id);
}

CustomerSet::CustomerSet(std::vector<base::CustomerId> customers) : sorted_(std::move(customers)) {
  std::ranges::sort(sorted_);
  const auto repeats = std::ranges::unique(sorted_);
  sorted_.erase(repeats.begin(), repeats.end());
}

bool CustomerSet::contains(base::CustomerId customer) const {
  return std::ranges::binary_search(sorted_, customer);
}

Viewer Viewer::command_line(std::string from) {
  Who who;
  who.actor = {.kind = ActorKind::command_line, .from = std::move(from)};
  who.permissions = PermissionSet::all();
  return all(std::move(who));
}

Viewer Viewer::system(std::string part) {
  Who who;
  who.actor = {.kind = ActorKind::system, .name = std::move(part)};
  who.permissions = PermissionSet::all();
  return all(std::move(who));
}

}  // namespace rights
