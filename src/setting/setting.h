// The settings of the workspace: one list of them, typed, bounded, audited.
//
// The list (setting.cpp, all()) is the only place that knows a setting; the console's form, the API
// and the documentation are made from it. A value is stored as text in the table `setting` when it
// differs from the default; an unknown or broken row reads as the default.
//
// Threads: pure functions over a Session or Unit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/calendar.h"
#include "base/moment.h"
#include "base/result.h"
#include "store/database.h"

namespace setting {

inline constexpr std::size_t kSettingBytesMax = 1024;

enum class Type : std::uint8_t {
  text,
  integer,
  duration,  // written 7d, 15m, 500ms: ms s m h d w
  zone,      // a name of the tz database
  choice,    // one of `choices`
};

std::string_view name_of(Type type);  // "text", "integer", …

struct Setting {
  std::string_view name;      // "time_zone": stable, in the API and in SQL
  std::string_view sentence;  // what it does
  Type type;
  std::string_view unit;     // "", "days" …: of integers
  std::string_view initial;  // the default, as written
  std::int64_t least = 0;    // of integers; of durations in ms; of texts in bytes
  std::int64_t most = 0;
  std::span<const std::string_view> choices = {};  // of choices
  bool restart = false;                            // takes effect at the next start
  std::string_view example;
};
std::span<const Setting> all();
const Setting* find(std::string_view name);  // null: there is none

enum class Fault : std::uint8_t {
  unknown_setting,
  not_text,    // no UTF-8, a control character
  wrong_type,  // not written as its type is
  out_of_bounds,
  unknown_choice,
  unknown_zone,
  no_address,    // trusted_proxies: addresses one by one, no names, networks or ports
  no_network,    // reachable_networks: addresses and networks, no names or ports
  folder_taken,  // backup_folder: the program keeps other things there
};
std::string_view code_of(Fault fault);  // "setting.unknown_setting", …

struct Change {
  std::string_view name;
  std::string_view text;  // as written; empty where the type allows it
  const rights::Actor& actor;
  base::Moment now;
};
struct Changed {
  std::string before;  // as written, the default included
  std::string after;
};
// Part of the caller's unit, and in the audit when it changes something. Set to its default the row
// goes.
[[nodiscard]] base::Result<Changed, Fault> set(store::Unit& unit, const Change& change);

// As written, the default included. Requires (CHECK) a name of the list.
std::string value_of(store::Session& session, std::string_view name);

// The whole of them as a value: read once, used by many.
struct Settings {
  base::Zone zone;
  std::string brand_name;
  std::string console_language;  // "zh" or "en"
  base::Duration idempotency_window;
  std::vector<std::string> trusted_proxies;  // addresses
  std::string reachable_networks;            // by commas, as written
  std::string backup_folder;                 // "": no backups
  std::int64_t backup_hour;                  // 0 … 23 of the zone
  std::int64_t backup_keep_days;
  std::int64_t backup_keep_weeks;
  std::int64_t value_hour;  // 0 … 23 of the zone
};
Settings read(store::Session& session);

}  // namespace setting
