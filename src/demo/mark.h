// The marks that tell a demo from somebody's own data, and how far it has been lived.
//
//   demo.begun   the filling was begun      demo.plan    what it was made from
//   demo.made_at it was filled              demo.lived   up to where it was told since
//
// Functions over a Session or in a unit; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/moment.h"
#include "store/database.h"

namespace demo {

inline constexpr std::string_view kSource = "demo";    // of events
inline constexpr std::uint64_t kNobody = 0xffff'ffff;  // dice of what belongs to no customer

// Raised whenever a life would be told otherwise than before: a demo made by another one can not be
// gone on with.
inline constexpr std::int64_t kLivesVersion = 1;

// What the demo was made from, so that it is gone on with in the same way.
struct Origin {
  std::uint64_t seed = 0;
  std::int64_t customers = 0;
  std::int64_t days = 0;
  std::string zone;
};

// Everything up to `brand`, a moment of the brand's own time, has been told; it was told as of
// `real`, a moment of the clock. Both are the same unless the demo has ever run faster.
struct Lived {
  base::Moment real;
  base::Moment brand;
  friend bool operator==(const Lived&, const Lived&) = default;
};

rights::Actor program();  // who writes it

// When the demo in the database was made; nothing: it is none.
std::optional<base::Moment> made_at(store::Session& session);
// Somebody has changed something in it since, or taken a file out of it.
bool is_touched(store::Session& session);
// A demo was begun in it, and made if made_at() says so: what is in it is nobody's own.
bool is_begun(store::Session& session);
// Nothing: it was made by a version that told other lives.
std::optional<Origin> origin(store::Session& session);
std::optional<Lived> lived(store::Session& session);

void mark_begun(store::Unit& unit, base::Moment now);
void mark_made(store::Unit& unit, const Origin& origin, base::Moment now);
// False: it was not at `from` any more.
bool mark_lived(store::Unit& unit, const Lived& from, const Lived& to);

}  // namespace demo
