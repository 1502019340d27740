#include "intake/saved_mapping.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "access/audit.h"
#include "base/check.h"
#include "base/text.h"
#include "intake/saved_mapping_sql.h"
#include "log/event_type.h"

namespace intake {
namespace {

constexpr store::LockKey kMappingsLock{710, 0};

SavedMapping saved_from(const store::Row& row) {
  auto mapping = read_mapping(row.text(3));
  CHECK(mapping.has_value());  // to_json_text() wrote it
  return SavedMapping{{row.integer(0)},    std::string(row.text(1)),     row.integer(2),
                      std::move(*mapping), base::Moment{row.integer(4)}, std::string(row.text(5))};
}

// What the audit shows.
std::string shown(const SavedMapping& saved) {
  return boost::json::serialize(
      boost::json::object{{"name", saved.name},
                          {"version", saved.version},
                          {"mapping", boost::json::parse(to_json_text(saved.mapping))}});
}

struct Change {
  std::string_view verb;
  std::optional<SavedMapping> before;
  std::optional<SavedMapping> after;
};
void record(const MappingSaving& saving, const Change& change) {
  rights::AuditEntry entry;
  entry.actor = saving.actor;
  entry.at = saving.now;
  entry.noun = "saved_mapping";
  entry.verb = change.verb;
  entry.subject = std::to_string((change.after ? change.after : change.before)->id.value);
  if (change.before) entry.before = shown(*change.before);
  if (change.after) entry.after = shown(*change.after);
  rights::record(saving.unit, entry);
}

// The name in its one form, free for `itself`.
base::Result<std::string, SavedMappingFault> check_name(store::Session& session,
                                                        SavedMappingId itself,
                                                        const std::string& given) {
  if (given.size() > kSavedMappingNameBytesMax || !base::is_utf8(given)) {
    return base::unexpected(SavedMappingFault::bad_name);
  }
  std::string name = base::to_nfc(given);
  if (!event_log::is_name(name)) return base::unexpected(SavedMappingFault::bad_name);
  const auto holder = session.one(sql::kSavedMappingNamed, {std::string_view(name)},
                                  [](const store::Row& row) { return row.integer(0); });
  if (holder && *holder != itself.value) return base::unexpected(SavedMappingFault::name_taken);
  return name;
}

// The one that is to be changed, as it was seen.
base::Result<SavedMapping, SavedMappingFault> seen(const MappingSaving& saving, SavedMappingId id,
                                                   std::int64_t version) {
  saving.unit.lock({kMappingsLock});
  auto saved = saved_mapping_with(saving.unit, id);
  if (!saved) return base::unexpected(SavedMappingFault::no_such_mapping);
  if (saved->version != version) return base::unexpected(SavedMappingFault::version_differs);
  return *std::move(saved);
}

SavedMapping stored(const MappingSaving& saving, SavedMappingId id) {
  auto saved = saved_mapping_with(saving.unit, id);
  CHECK(saved.has_value());
  return *std::move(saved);
}

}  // namespace

std::string_view code_of(SavedMappingFault fault) {
  switch (fault) {
    case SavedMappingFault::no_such_mapping:
      return "mapping.no_such_mapping";
    case SavedMappingFault::version_differs:
      return "mapping.version_differs";
    case SavedMappingFault::bad_name:
      return "mapping.bad_saved_name";
    case SavedMappingFault::name_taken:
      return "mapping.name_taken";
    case SavedMappingFault::too_many_mappings:
      return "mapping.too_many_saved";
  }
  base::unreachable();
}

base::Result<SavedMapping, SavedMappingFault> save_mapping(const MappingSaving& saving,
                                                           SavedMappingId fresh,
                                                           const NewSavedMapping& given) {
  CHECK(fresh);
  saving.unit.lock({kMappingsLock});
  const auto name = check_name(saving.unit, fresh, given.name);
  if (!name) return base::unexpected(name.error());
  const auto count = saving.unit.one(sql::kCountSavedMappings, {},
                                     [](const store::Row& row) { return row.integer(0); });
  if (*count >= kSavedMappingsMax) {
    return base::unexpected(SavedMappingFault::too_many_mappings);
  }
  const std::string by = rights::to_text(saving.actor);
  const std::string text = to_json_text(given.mapping);
  saving.unit.execute(sql::kInsertSavedMapping,
                      {fresh.value, std::string_view(*name), std::string_view(text), saving.now.ms,
                       std::string_view(by)});
  SavedMapping saved = stored(saving, fresh);
  record(saving, {"created", std::nullopt, saved});
  return saved;
}

base::Result<SavedMapping, SavedMappingFault> change_saved_mapping(
    const MappingSaving& saving, SavedMappingId id, const SavedMappingChange& change) {
  const auto before = seen(saving, id, change.version);
  if (!before) return base::unexpected(before.error());
  std::string name = before->name;
  if (change.name) {
    auto given = check_name(saving.unit, id, *change.name);
    if (!given) return base::unexpected(given.error());
    name = std::move(*given);
  }
  const Mapping& mapping = change.mapping ? *change.mapping : before->mapping;
  if (name == before->name && mapping == before->mapping) return *before;
  const std::string by = rights::to_text(saving.actor);
  const std::string text = to_json_text(mapping);
  saving.unit.execute(sql::kChangeSavedMapping,
                      {id.value, std::string_view(name), std::string_view(text), saving.now.ms,
                       std::string_view(by)});
  SavedMapping after = stored(saving, id);
  record(saving, {"changed", *before, after});
  return after;
}

base::Result<void, SavedMappingFault> remove_saved_mapping(const MappingSaving& saving,
                                                           SavedMappingId id,
                                                           std::int64_t version) {
  const auto before = seen(saving, id, version);
  if (!before) return base::unexpected(before.error());
  saving.unit.execute(sql::kDeleteSavedMapping, {id.value});
  record(saving, {"deleted", *before, std::nullopt});
  return {};
}

std::vector<SavedMapping> saved_mappings(store::Session& session) {
  std::vector<SavedMapping> found;
  session.query(sql::kSavedMappings, {},
                [&](const store::Row& row) { found.push_back(saved_from(row)); });
  return found;
}

std::optional<SavedMapping> saved_mapping_with(store::Session& session, SavedMappingId id) {
  return session.one(sql::kSavedMappingWith, {id.value}, saved_from);
}

std::vector<const SavedMapping*> fitting(std::span<const SavedMapping> saved,
                                         std::span<const std::string> columns) {
  std::vector<const SavedMapping*> found;
  for (const SavedMapping& each : saved) {
    if (check_mapping(each.mapping, columns).empty()) found.push_back(&each);
  }
  std::ranges::stable_sort(found, std::ranges::greater{},
                           [](const SavedMapping* each) { return each->mapping.columns.size(); });
  if (found.size() > kFittingMappingsMax) found.resize(kFittingMappingsMax);
  return found;
}

}  // namespace intake
