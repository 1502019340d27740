#include "setting/setting.h"

#include <gtest/gtest.h>

#include <set>

#include "access/audit.h"
#include "store/test_database.h"

namespace setting {
namespace {

class SettingTest : public store::DatabaseTest {
 protected:
  std::string set_to(std::string_view name, std::string_view text) {
    const auto changed = database().write("test.setting", [&](store::Unit& unit) {
      return set(unit, {name, text, actor_, {1'000}});
    });
    return changed ? changed->before + " -> " + changed->after
                   : std::string(code_of(changed.error()));
  }
  Settings now() {
    return database().read([](store::Session& session) { return read(session); });
  }
  std::size_t audited() {
    return database().read([](store::Session& session) {
      return rights::read_audit(session, {.noun = "setting"}, {}).entries.size();
    });
  }
  const rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7};
};

TEST(SettingList, EverySettingIsWholeAndItsDefaultIsLawful) {
  std::set<std::string_view> names;
  for (const Setting& setting : all()) {
    SCOPED_TRACE(setting.name);
    EXPECT_TRUE(names.insert(setting.name).second);
    EXPECT_EQ(find(setting.name), &setting);
    EXPECT_TRUE(setting.sentence.ends_with("."));
    EXPECT_FALSE(setting.example.empty());
    EXPECT_LE(setting.least, setting.most);
    EXPECT_EQ(setting.type == Type::choice, !setting.choices.empty());
  }
  EXPECT_EQ(find("nothing"), nullptr);
}

TEST_P(SettingTest, ReadsDefaults) {
  const Settings settings = now();
  EXPECT_EQ(settings.zone.name(), "Asia/Shanghai");
  EXPECT_EQ(settings.brand_name, "");
  EXPECT_EQ(settings.console_language, "zh");
  EXPECT_EQ(settings.idempotency_window, base::Duration{7 * base::kDay.ms});
}

TEST_P(SettingTest, ChangesAndGoesBack) {
  EXPECT_EQ(set_to("time_zone", "Europe/Berlin"), "Asia/Shanghai -> Europe/Berlin");
  EXPECT_EQ(set_to("brand_name", "山野茶"), " -> 山野茶");
  EXPECT_EQ(set_to("idempotency_window", "36h"), "7d -> 36h");
  EXPECT_EQ(now().zone.name(), "Europe/Berlin");
  EXPECT_EQ(now().brand_name, "山野茶");
  EXPECT_EQ(now().idempotency_window, base::Duration{36 * base::kHour.ms});
  EXPECT_EQ(set_to("trusted_proxies", "10.0.0.1, ,::1 "), " -> 10.0.0.1, ,::1 ");
  EXPECT_EQ(now().trusted_proxies, (std::vector<std::string>{"10.0.0.1", "::1"}));
  EXPECT_EQ(set_to("time_zone", "Asia/Shanghai"), "Europe/Berlin -> Asia/Shanghai");
  EXPECT_EQ(now().zone.name(), "Asia/Shanghai");
  EXPECT_EQ(audited(), 5U);
}

TEST_P(SettingTest, TheSameAgainIsNotAudited) {
  EXPECT_EQ(set_to("console_language", "en"), "zh -> en");
  EXPECT_EQ(set_to("console_language", "en"), "en -> en");
  EXPECT_EQ(audited(), 1U);
}

TEST_P(SettingTest, RefusesWithACode) {
  EXPECT_EQ(set_to("nothing", "1"), "setting.unknown_setting");
  EXPECT_EQ(set_to("brand_name", "a\nb"), "setting.not_text");
  EXPECT_EQ(set_to("brand_name", "\xff"), "setting.not_text");
  EXPECT_EQ(set_to("brand_name", std::string(201, 'a')), "setting.out_of_bounds");
  EXPECT_EQ(set_to("brand_name", std::string(200, 'a')).substr(0, 4), " -> ");
  EXPECT_EQ(set_to("idempotency_window", "7"), "setting.wrong_type");
  EXPECT_EQ(set_to("idempotency_window", "d"), "setting.wrong_type");
  EXPECT_EQ(set_to("idempotency_window", "999999999999999999w"), "setting.wrong_type");
  EXPECT_EQ(set_to("idempotency_window", "59m"), "setting.out_of_bounds");
  EXPECT_EQ(set_to("idempotency_window", "60m"), "7d -> 60m");
  EXPECT_EQ(set_to("idempotency_window", "91d"), "setting.out_of_bounds");
  EXPECT_EQ(set_to("console_language", "fr"), "setting.unknown_choice");
  EXPECT_EQ(set_to("time_zone", "Mars/Olympus"), "setting.unknown_zone");
}

TEST_P(SettingTest, ProxiesAreAddressesAndBackupsHaveAFolderOfTheirOwn) {
  for (const char* proxies : {"10.0.0.0/8", "localhost", "127.0.0.1:8080", "10.0.0.1, proxy"}) {
    EXPECT_EQ(set_to("trusted_proxies", proxies), "setting.no_address") << proxies;
  }
  EXPECT_EQ(set_to("trusted_proxies", "::1,10.0.0.1"), " -> ::1,10.0.0.1");
  for (const std::string_view networks :
       {"10.0.0.0/8;127.0.0.1", "10.0.0.0/33", "localhost", "127.0.0.1:80", "::1/129", "10/8"}) {
    EXPECT_EQ(set_to("reachable_networks", networks), "setting.no_network") << networks;
  }
  EXPECT_EQ(now().reachable_networks, "");
  EXPECT_EQ(set_to("reachable_networks", "10.2.0.0/16, ::1"), " -> 10.2.0.0/16, ::1");
  for (const char* folder : {".", "./", "..", "../x", "uploads", "./uploads/x", "demo"}) {
    EXPECT_EQ(set_to("backup_folder", folder), "setting.folder_taken") << folder;
  }
  EXPECT_EQ(set_to("backup_folder", "kept"), " -> kept");
  EXPECT_EQ(set_to("backup_folder", "/mnt/demo"), "kept -> /mnt/demo");
  EXPECT_EQ(set_to("backup_folder", ""), "/mnt/demo -> ");
}

TEST_P(SettingTest, ABrokenRowReadsAsTheDefault) {
  database().write("test.break", [](store::Unit& unit) {
    unit.execute(
        "insert into setting (name, value, changed_at, by_whom) values "
        "('time_zone', 'nowhere', 0, 'x'), ('gone', '1', 0, 'x')",
        {});
  });
  EXPECT_EQ(now().zone.name(), "Asia/Shanghai");
}

INSTANTIATE_TEST_SUITE_P(Both, SettingTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace setting
