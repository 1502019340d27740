// Mappings that are kept under a name, for the next file of the same columns.
//
// A name is unique (NFC, exact case). Whoever changes or removes one says the version they have
// seen: of two people at once the second is told, and nothing is lost. Every change is in the
// audit. Pure functions over a Unit or Session; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "intake/mapping.h"
#include "store/database.h"

namespace intake {

inline constexpr std::int64_t kSavedMappingsMax = 200;
inline constexpr std::size_t kSavedMappingNameBytesMax = 100;
inline constexpr std::size_t kFittingMappingsMax = 20;  // in one answer

using SavedMappingId = base::Id<struct SavedMappingTag>;

struct SavedMapping {
  SavedMappingId id;
  std::string name;
  std::int64_t version = 0;  // from 1
  Mapping mapping;
  base::Moment changed_at;
  std::string changed_by;
};

// In order of precedence.
enum class SavedMappingFault : std::uint8_t {
  no_such_mapping,
  version_differs,    // somebody has changed it since
  bad_name,           // empty, too long, control characters, spaces at its ends
  name_taken,         // by another one
  too_many_mappings,  // kSavedMappingsMax
};
std::string_view code_of(SavedMappingFault fault);  // "mapping.no_such_mapping", …

// Who changes, and when.
struct MappingSaving {
  store::Unit& unit;
  rights::Actor actor;
  base::Moment now;
};

struct NewSavedMapping {
  std::string name;
  Mapping mapping;
};
// `fresh` is an id drawn outside the unit.
[[nodiscard]] base::Result<SavedMapping, SavedMappingFault> save_mapping(
    const MappingSaving& saving, SavedMappingId fresh, const NewSavedMapping& given);

// What is given replaces what is there. Nothing new changes nothing, not even the version.
struct SavedMappingChange {
  std::int64_t version = 0;  // the one the caller has seen
  std::optional<std::string> name = {};
  std::optional<Mapping> mapping = {};
};
[[nodiscard]] base::Result<SavedMapping, SavedMappingFault> change_saved_mapping(
    const MappingSaving& saving, SavedMappingId id, const SavedMappingChange& change);

[[nodiscard]] base::Result<void, SavedMappingFault> remove_saved_mapping(
    const MappingSaving& saving, SavedMappingId id, std::int64_t version);

std::vector<SavedMapping> saved_mappings(store::Session& session);  // by name
std::optional<SavedMapping> saved_mapping_with(store::Session& session, SavedMappingId id);

// Those of `saved` that check_mapping finds nothing wrong with in a file of these columns: first
// those that say most of them, at most kFittingMappingsMax.
std::vector<const SavedMapping*> fitting(std::span<const SavedMapping> saved,
                                         std::span<const std::string> columns);

}  // namespace intake
