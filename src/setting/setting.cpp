#include "setting/setting.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <filesystem>
#include <map>

#include "access/audit.h"
#include "base/check.h"
#include "base/text.h"
#include "net/networks.h"
#include "setting/own_folders.h"
#include "setting/setting_sql.h"

namespace setting {
namespace {

constexpr std::string_view kTimeZone = "time_zone";
constexpr std::string_view kBrandName = "brand_name";
constexpr std::string_view kConsoleLanguage = "console_language";
constexpr std::string_view kIdempotencyWindow = "idempotency_window";
constexpr std::string_view kTrustedProxies = "trusted_proxies";
constexpr std::string_view kReachableNetworks = "reachable_networks";
constexpr std::string_view kBackupFolder = "backup_folder";
constexpr std::string_view kBackupHour = "backup_hour";
constexpr std::string_view kBackupKeepDays = "backup_keep_days";
constexpr std::string_view kBackupKeepWeeks = "backup_keep_weeks";
constexpr std::string_view kValueHour = "value_hour";

constexpr std::array<std::string_view, 2> kLanguages = {"zh", "en"};

// The list. Names are in the API and in SQL and never change.
constexpr std::array<Setting, 11> kSettings = {{
    {.name = kTimeZone,
     .sentence = "Calendar days, weeks and months of rules and reports are those of this zone.",
     .type = Type::zone,
     .unit = "",
     .initial = "Asia/Shanghai",
     .least = 1,
     .most = 64,
     .example = "Asia/Urumqi"},
    {.name = kBrandName,
     .sentence = "The brand, as the console and the customers' pages call it.",
     .type = Type::text,
     .unit = "",
     .initial = "",
     .least = 0,
     .most = 200,
     .example = "Mountain Tea"},
    {.name = kConsoleLanguage,
     .sentence = "The language the console begins in; everybody may switch it for themselves.",
     .type = Type::choice,
     .unit = "",
     .initial = "zh",
     .choices = kLanguages,
     .example = "en"},
    {.name = kIdempotencyWindow,
     .sentence = "How long a repeated event is known by the key its sender gave it.",
     .type = Type::duration,
     .unit = "",
     .initial = "7d",
     .least = base::kHour.ms,
     .most = 90 * base::kDay.ms,
     .example = "14d"},
    {.name = kTrustedProxies,
     .sentence = "Addresses of one's own reverse proxies, separated by commas: behind them the "
                 "client's address and https are read from X-Forwarded-For and -Proto.",
     .type = Type::text,
     .unit = "",
     .initial = "",
     .least = 0,
     .most = 1000,
     .restart = true,
     .example = "127.0.0.1"},
    {.name = kReachableNetworks,
     .sentence = "Addresses and networks of one's own, separated by commas, that HTTP channels and "
                 "webhooks may reach; every other internal address is refused.",
     .type = Type::text,
     .unit = "",
     .initial = "",
     .least = 0,
     .most = 1000,
     .restart = true,
     .example = "10.2.0.0/16"},
    {.name = kBackupFolder,
     .sentence = "Where backups of SQLite are written every day, on another disk if possible; a "
                 "path without a leading / lies in the data folder. Empty: none are made.",
     .type = Type::text,
     .unit = "",
     .initial = "",
     .least = 0,
     .most = 500,
     .example = "/backup/siyu"},
    {.name = kBackupHour,
     .sentence = "The hour of the day at which the backup is made and tried.",
     .type = Type::integer,
     .unit = "hour",
     .initial = "3",
     .least = 0,
     .most = 23,
     .example = "4"},
    {.name = kBackupKeepDays,
     .sentence = "For how many days every backup is kept.",
     .type = Type::integer,
     .unit = "days",
     .initial = "14",
     .least = 1,
     .most = 366,
     .example = "30"},
    {.name = kBackupKeepWeeks,
     .sentence = "For how many weeks the newest backup of each week is kept besides.",
     .type = Type::integer,
     .unit = "weeks",
     .initial = "8",
     .least = 0,
     .most = 520,
     .example = "26"},
    {.name = kValueHour,
     .sentence = "The hour of the day at which the value of every customer is computed anew.",
     .type = Type::integer,
     .unit = "hour",
     .initial = "4",
     .least = 0,
     .most = 23,
     .example = "5"},
}};

struct DurationUnit {
  std::string_view suffix;
  std::int64_t ms;
};
// Longer suffixes first: "ms" is no "s".
constexpr std::array<DurationUnit, 6> kDurationUnits = {{{"ms", 1},
                                                         {"s", base::kSecond.ms},
                                                         {"m", base::kMinute.ms},
                                                         {"h", base::kHour.ms},
                                                         {"d", base::kDay.ms},
                                                         {"w", 7 * base::kDay.ms}}};

std::optional<std::int64_t> integer_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<base::Duration> duration_from(std::string_view text) {
  for (const auto& [suffix, ms] : kDurationUnits) {
    if (!text.ends_with(suffix)) continue;
    const auto count = integer_from(text.substr(0, text.size() - suffix.size()));
    std::int64_t product = 0;
    if (!count || __builtin_mul_overflow(*count, ms, &product)) return std::nullopt;
    return base::Duration{product};
  }
  return std::nullopt;
}

bool within(const Setting& setting, std::int64_t value) {
  return value >= setting.least && value <= setting.most;
}

// Between commas, without the spaces around; empty ones left out.
std::vector<std::string> addresses_in(std::string_view text) {
  std::vector<std::string> addresses;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view one = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.empty()) addresses.emplace_back(one);
  }
  return addresses;
}

bool is_address(const std::string& text) {
  in6_addr bytes{};
  return ::inet_pton(AF_INET, text.c_str(), &bytes) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &bytes) == 1;
}

// Below the data folder, or from the root; not one the program keeps other things in.
bool may_hold_backups(std::string_view folder) {
  const std::string path = std::filesystem::path(folder).lexically_normal().string();
  const std::string first = path.substr(0, path.find('/'));
  const bool taken =
      first == "." || first == ".." || std::ranges::find(kOwnFolders, first) != kOwnFolders.end();
  return path.starts_with('/') || !taken;
}

std::optional<Fault> fault_of_text(std::string_view name, std::string_view text) {
  if (name == kTrustedProxies && !std::ranges::all_of(addresses_in(text), is_address)) {
    return Fault::no_address;
  }
  if (name == kReachableNetworks && !net::Networks::parse(text)) return Fault::no_network;
  if (name == kBackupFolder && !text.empty() && !may_hold_backups(text)) {
    return Fault::folder_taken;
  }
  return std::nullopt;
}

std::optional<Fault> fault_of(const Setting& setting, std::string_view text) {
  const bool control = std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (control || !base::is_utf8(text)) return Fault::not_text;
  if (text.size() > kSettingBytesMax) return Fault::out_of_bounds;
  switch (setting.type) {
    case Type::text:
      if (!within(setting, static_cast<std::int64_t>(text.size()))) return Fault::out_of_bounds;
      return fault_of_text(setting.name, text);
    case Type::integer: {
      const auto number = integer_from(text);
      if (!number) return Fault::wrong_type;
      if (!within(setting, *number)) return Fault::out_of_bounds;
      return std::nullopt;
    }
    case Type::duration: {
      const auto duration = duration_from(text);
      if (!duration) return Fault::wrong_type;
      if (!within(setting, duration->ms)) return Fault::out_of_bounds;
      return std::nullopt;
    }
    case Type::zone:
      if (!base::Zone::named(text)) return Fault::unknown_zone;
      return std::nullopt;
    case Type::choice:
      if (std::ranges::find(setting.choices, text) == setting.choices.end()) {
        return Fault::unknown_choice;
      }
      return std::nullopt;
  }
  base::unreachable();
}

std::string read_as(const Setting& setting, const std::string* stored) {
  if (stored != nullptr && !fault_of(setting, *stored)) return *stored;
  return std::string(setting.initial);
}

std::string audited(const std::string& text) {
  return boost::json::serialize(boost::json::object{{"value", text}});
}

const Setting& required(std::string_view name) {
  const Setting* setting = find(name);
  CHECK(setting != nullptr);
  return *setting;
}

}  // namespace

std::span<const Setting> all() { return kSettings; }

std::string_view name_of(Type type) {
  switch (type) {
    case Type::text:
      return "text";
    case Type::integer:
      return "integer";
    case Type::duration:
      return "duration";
    case Type::zone:
      return "zone";
    case Type::choice:
      return "choice";
  }
  base::unreachable();
}

const Setting* find(std::string_view name) {
  const auto at = std::ranges::find(kSettings, name, &Setting::name);
  return at == kSettings.end() ? nullptr : &*at;
}

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::unknown_setting:
      return "setting.unknown_setting";
    case Fault::not_text:
      return "setting.not_text";
    case Fault::wrong_type:
      return "setting.wrong_type";
    case Fault::out_of_bounds:
      return "setting.out_of_bounds";
    case Fault::unknown_choice:
      return "setting.unknown_choice";
    case Fault::unknown_zone:
      return "setting.unknown_zone";
    case Fault::no_address:
      return "setting.no_address";
    case Fault::no_network:
      return "setting.no_network";
    case Fault::folder_taken:
      return "setting.folder_taken";
  }
  base::unreachable();
}

base::Result<Changed, Fault> set(store::Unit& unit, const Change& change) {
  const Setting* setting = find(change.name);
  if (setting == nullptr) return base::unexpected(Fault::unknown_setting);
  if (const auto fault = fault_of(*setting, change.text)) return base::unexpected(*fault);
  const std::string after = base::to_nfc(change.text);
  const std::string setting_name(setting->name);
  Changed changed{value_of(unit, change.name), after};
  if (changed.before == changed.after) return changed;
  if (after == setting->initial) {
    unit.execute(sql::kDeleteSetting, {change.name});
  } else {
    unit.execute(sql::kSetSetting,
                 {change.name, after, change.now.ms, rights::to_text(change.actor)});
  }
  rights::record(unit, {.actor = change.actor,
                        .at = change.now,
                        .noun = "setting",
                        .verb = "changed",
                        .subject = setting_name,
                        .before = audited(changed.before),
                        .after = audited(changed.after)});
  return changed;
}

std::string value_of(store::Session& session, std::string_view name) {
  const auto stored = session.one(sql::kSettingNamed, {name},
                                  [](const store::Row& row) { return std::string(row.text(0)); });
  return read_as(required(name), stored ? &*stored : nullptr);
}

Settings read(store::Session& session) {
  std::map<std::string, std::string, std::less<>> stored;
  session.query(sql::kAllSettings, {},
                [&](const store::Row& row) { stored.emplace(row.text(0), row.text(1)); });
  const auto written = [&](std::string_view name) {
    const auto at = stored.find(name);
    return read_as(required(name), at == stored.end() ? nullptr : &at->second);
  };
  const auto zone = base::Zone::named(written(kTimeZone));
  const auto window = duration_from(written(kIdempotencyWindow));
  CHECK(zone);  // Asia/Shanghai at least: a machine without tzdata does not start
  CHECK(window);
  // Integers are in the table only when they are within their bounds.
  const auto number = [&](std::string_view name) { return integer_from(written(name)).value(); };
  return {.zone = *zone,
          .brand_name = written(kBrandName),
          .console_language = written(kConsoleLanguage),
          .idempotency_window = *window,
          .trusted_proxies = addresses_in(written(kTrustedProxies)),
          .reachable_networks = written(kReachableNetworks),
          .backup_folder = written(kBackupFolder),
          .backup_hour = number(kBackupHour),
          .backup_keep_days = number(kBackupKeepDays),
          .backup_keep_weeks = number(kBackupKeepWeeks),
          .value_hour = number(kValueHour)};
}

}  // namespace setting
