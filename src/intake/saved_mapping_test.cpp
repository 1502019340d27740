#include "intake/saved_mapping.h"

#include <gtest/gtest.h>

#include "access/audit.h"
#include "base/random.h"
#include "store/test_database.h"

namespace intake {
namespace {

class SavedMappingTest : public store::DatabaseTest {
 protected:
  static constexpr base::Moment kNow{1'760'000'000'000};

  static Mapping mapping_of(std::string_view column, std::string_view other = "") {
    Mapping mapping;
    mapping.columns.push_back({std::string(column), ColumnUse::identity, "phone"});
    if (!other.empty()) {
      mapping.columns.push_back({std::string(other), ColumnUse::attribute, "name"});
    }
    return mapping;
  }

  auto save(const NewSavedMapping& given) {
    const SavedMappingId fresh{random_.id()};
    return database().write(
        "test", [&](store::Unit& unit) { return save_mapping({unit, {}, kNow}, fresh, given); });
  }
  auto change(SavedMappingId id, const SavedMappingChange& given) {
    return database().write("test", [&](store::Unit& unit) {
      return change_saved_mapping({unit, {}, kNow}, id, given);
    });
  }
  auto remove(SavedMappingId id, std::int64_t version) {
    return database().write("test", [&](store::Unit& unit) {
      return remove_saved_mapping({unit, {}, kNow}, id, version);
    });
  }
  std::vector<SavedMapping> all() {
    return database().read([](store::Session& session) { return saved_mappings(session); });
  }
  std::string audited() {
    return database().read([](store::Session& session) {
      std::string out;
      const auto page = rights::read_audit(session, {.noun = "saved_mapping"}, {});
      for (const auto& entry : page.entries) out = entry.verb + " " + out;
      return out;
    });
  }

  base::SeededRandom random_{3};
};

TEST_P(SavedMappingTest, AreKeptChangedAndRemoved) {
  const auto saved = save({"门店 会员", mapping_of("手机")});
  ASSERT_TRUE(saved.has_value());
  EXPECT_EQ(saved->version, 1);
  ASSERT_EQ(all().size(), 1U);
  EXPECT_EQ(all()[0].mapping, mapping_of("手机"));
  const auto changed = change(saved->id, {.version = 1, .mapping = mapping_of("电话")});
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(changed->name, "门店 会员");
  // The same again is no change.
  EXPECT_EQ(change(saved->id, {.version = 2, .mapping = mapping_of("电话")})->version, 2);
  EXPECT_EQ(change(saved->id, {.version = 2, .name = "会员"})->version, 3);
  EXPECT_EQ(all()[0].name, "会员");
  EXPECT_EQ(all()[0].mapping, mapping_of("电话"));
  EXPECT_TRUE(remove(saved->id, 3).has_value());
  EXPECT_TRUE(all().empty());
  EXPECT_EQ(audited(), "created changed changed deleted ");
}

TEST_P(SavedMappingTest, TheSecondOfTwoIsTold) {
  const auto saved = save({"a", mapping_of("手机")});
  ASSERT_TRUE(change(saved->id, {.version = 1, .name = "b"}).has_value());
  EXPECT_EQ(change(saved->id, {.version = 1, .name = "c"}).error(),
            SavedMappingFault::version_differs);
  EXPECT_EQ(remove(saved->id, 1).error(), SavedMappingFault::version_differs);
  EXPECT_EQ(all()[0].name, "b");
}

TEST_P(SavedMappingTest, NamesAreUniqueAndCanBeShown) {
  const auto saved = save({"a", mapping_of("手机")});
  EXPECT_EQ(save({"a", mapping_of("电话")}).error(), SavedMappingFault::name_taken);
  EXPECT_EQ(save({"", mapping_of("电话")}).error(), SavedMappingFault::bad_name);
  EXPECT_EQ(save({" a", mapping_of("电话")}).error(), SavedMappingFault::bad_name);
  EXPECT_EQ(save({"a\nb", mapping_of("电话")}).error(), SavedMappingFault::bad_name);
  EXPECT_EQ(save({"\xff", mapping_of("电话")}).error(), SavedMappingFault::bad_name);
  EXPECT_EQ(save({std::string(101, 'a'), mapping_of("电话")}).error(), SavedMappingFault::bad_name);
  EXPECT_TRUE(save({std::string(100, 'a'), mapping_of("电话")}).has_value());
  const auto other = save({"b", mapping_of("电话")});
  EXPECT_EQ(change(other->id, {.version = 1, .name = "a"}).error(), SavedMappingFault::name_taken);
  EXPECT_EQ(change({99}, {.version = 1}).error(), SavedMappingFault::no_such_mapping);
  EXPECT_EQ(all().size(), 3U);
}

TEST_P(SavedMappingTest, ThereIsALimit) {
  database().write("test", [&](store::Unit& unit) {
    for (std::int64_t i = 1; i <= kSavedMappingsMax; ++i) {
      ASSERT_TRUE(save_mapping({unit, {}, kNow}, {i}, {std::to_string(i), mapping_of("a")}));
    }
  });
  EXPECT_EQ(save({"one more", mapping_of("a")}).error(), SavedMappingFault::too_many_mappings);
}

TEST_P(SavedMappingTest, ThoseThatFitAFileAreThoseWhoseColumnsItHas) {
  ASSERT_TRUE(save({"a little", mapping_of("手机")}).has_value());
  ASSERT_TRUE(save({"another file", mapping_of("手机", "昵称")}).has_value());
  ASSERT_TRUE(save({"most", mapping_of("手机", "姓名")}).has_value());
  ASSERT_TRUE(save({"without customer", Mapping{}}).has_value());
  const auto saved = all();
  std::string names;
  const std::vector<std::string> columns = {"手机", "姓名", "生日"};
  for (const SavedMapping* each : fitting(saved, columns)) names += each->name + ";";
  EXPECT_EQ(names, "most;a little;");
}

INSTANTIATE_TEST_SUITE_P(Both, SavedMappingTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
