#include "customer/import_undo.h"

#include <algorithm>

#include "customer/consent.h"
#include "customer/customer_fixture.h"
#include "customer/merge.h"
#include "customer/name_index.h"
#include "customer/person.h"
#include "customer/record.h"

namespace customer {
namespace {

base::Value text(std::string_view value) { return std::string(value); }

class ImportUndoTest : public CustomerTest {
 protected:
  // What an importer does: undo in the log, then everybody the batch has touched.
  void undo(base::BatchId batch) {
    database().write("test.undo", [&](store::Unit& unit) {
      EXPECT_TRUE(event_log::begin_undo(*log_, unit, batch, kNow).has_value());
    });
    take_back(batch);
    database().write("test.void", [&](store::Unit& unit) {
      EXPECT_EQ(event_log::undo_step(unit, batch, {}), std::nullopt);
    });
  }
  void take_back(base::BatchId batch) {
    ImportUndo follower(*log_, options());
    database().write("test.take_back", [&](store::Unit& unit) {
      with_part(unit, batch, [&](const auto& part) { follower.take_back(unit, part); });
    });
  }
  template <typename Work>
  void with_part(store::Session& session, base::BatchId batch, const Work& work) {
    const auto types = ImportUndo(*log_, options()).types(session);
    const auto of_batch = event_log::customers_of(session, batch, {}, types);
    std::vector<event_log::Position> rows;
    for (const event_log::RowOfCustomer& row : of_batch.rows) rows.push_back(row.position);
    work(event_log::BatchPart{batch, of_batch.customers, rows});
  }
  std::vector<std::string> built_upon(base::BatchId batch) {
    return database().read([&](store::Session& session) {
      std::vector<std::string> lines;
      with_part(session, batch, [&](const auto& part) {
        for (const auto& each : ImportUndo(*log_, options()).built_upon(session, part)) {
          lines.push_back(each.name.empty() ? each.kind : each.kind + " " + each.name);
        }
      });
      std::ranges::sort(lines);
      return lines;
    });
  }
  bool is_known(base::CustomerId customer) {
    return database()
        .read([&](store::Session& session) { return customer_with(session, customer); })
        .has_value();
  }
  void import_value(base::BatchId batch, base::CustomerId customer, std::string_view name,
                    std::string_view value, base::Moment since) {
    const NewValue given{std::string(name), text(value), {}, since};
    EXPECT_EQ(write(import_options(batch),
                    [&](Writing& writing) {
                      return set_attributes(writing, customer, std::span(&given, 1));
                    }),
              1);
  }
  base::CustomerId import_customer(base::BatchId batch, std::string_view key) {
    const base::CustomerId id = fresh();
    const auto made = write(import_options(batch), [&](Writing& writing) {
      return find_or_create(writing, {"customer", key}, id, at(-2));
    });
    EXPECT_TRUE(made.has_value());
    return made ? made->found.customer : base::CustomerId{};
  }
};

TEST_P(ImportUndoTest, NamesAreFoundAsTheyWereBefore) {
  const base::CustomerId one = known_as("k-1", -9);
  ASSERT_EQ(put(one, "name", text("张晓明"), at(-8)), 1);
  const base::BatchId batch = begin_import();
  import_value(batch, one, "name", "李雷", at(-3));
  const auto found = [&](const std::string& part) {
    return database()
        .read([&](store::Session& session) { return named(session, {part, 10}); })
        .size();
  };
  EXPECT_EQ(found("lilei"), 1U);
  undo(batch);
  EXPECT_EQ(found("lilei"), 0U);
  EXPECT_EQ(found("zxm"), 1U);
}

TEST_P(ImportUndoTest, ValuesFallBackToWhatHistorySays) {
  const base::CustomerId one = known_as("k-1", -9);
  ASSERT_EQ(put(one, "city", text("上海"), at(-8)), 1);
  ASSERT_EQ(put(one, "city", text("北京"), at(-7)), 1);
  ASSERT_EQ(put(one, "city", text("late"), at(-7) - base::kHour), 1);
  const base::BatchId batch = begin_import();
  import_value(batch, one, "city", "杭州", at(-3));
  import_value(batch, one, "job", "老师", at(-3));
  EXPECT_EQ(value_of(one, "city"), "杭州");
  EXPECT_TRUE(built_upon(batch).empty());
  undo(batch);
  EXPECT_EQ(value_of(one, "city"), "北京");
  EXPECT_EQ(value_of(one, "job"), "never");
  const auto back = database().read(
      [&](store::Session& session) { return record_of(session, one)->attributes.front(); });
  EXPECT_EQ(back.since, at(-7));
  EXPECT_EQ(back.by, "user:7");
  EXPECT_EQ(back.source, "console");
}

TEST_P(ImportUndoTest, WhatAHandHasChangedSinceStays) {
  const base::CustomerId one = known_as("k-1", -9);
  const base::BatchId batch = begin_import();
  import_value(batch, one, "city", "杭州", at(-3));
  import_value(batch, one, "job", "老师", at(-3));
  ASSERT_EQ(put(one, "city", text("广州"), at(-1)), 1);
  EXPECT_EQ(built_upon(batch), (std::vector<std::string>{"attribute city"}));
  database().write("test.undo", [&](store::Unit& unit) {
    EXPECT_TRUE(event_log::begin_undo(*log_, unit, batch, kNow).has_value());
  });
  take_back(batch);
  EXPECT_EQ(built_upon(batch), (std::vector<std::string>{"attribute city"}));  // stopped here
  take_back(batch);
  database().write("test.void", [&](store::Unit& unit) {
    EXPECT_EQ(event_log::undo_step(unit, batch, {}), std::nullopt);
  });
  EXPECT_EQ(value_of(one, "city"), "广州");
  EXPECT_EQ(value_of(one, "job"), "never");
}

TEST_P(ImportUndoTest, TagsListsAndConsentsFallBack) {
  const base::CustomerId one = known_as("k-1", -9);
  const auto tag = write([&](Writing& writing) { return declare_tag(writing, "等级/VIP"); });
  const auto list = write([&](Writing& writing) { return declare_list(writing, "双11"); });
  ASSERT_TRUE(tag && list);
  const ConsentChange given{.purpose = "marketing",
                            .given = true,
                            .how = "form",
                            .wording = "w",
                            .proof = "p",
                            .since = at(-8)};
  ASSERT_TRUE(write([&](Writing& writing) { return add_tag(writing, one, tag->id, at(-8)); }));
  ASSERT_TRUE(write([&](Writing& writing) { return change_consent(writing, one, given); }));
  const base::BatchId batch = begin_import();
  ASSERT_TRUE(write(import_options(batch), [&](Writing& writing) -> base::Result<bool, Error> {
    if (auto done = remove_tag(writing, one, tag->id, at(-3)); !done) return done;
    if (auto done = join_list(writing, one, list->id, at(-3)); !done) return done;
    return change_consent(writing, one, {.purpose = "marketing", .given = false, .since = at(-3)});
  }));
  undo(batch);
  const auto record =
      database().read([&](store::Session& session) { return record_of(session, one); });
  ASSERT_TRUE(record);
  ASSERT_EQ(record->tags.size(), 1U);
  EXPECT_EQ(record->tags[0].since, at(-8));
  EXPECT_TRUE(record->lists.empty());
  ASSERT_EQ(record->consents.size(), 1U);
  EXPECT_TRUE(record->consents[0].given);
  EXPECT_EQ(record->consents[0].how + record->consents[0].wording + record->consents[0].proof,
            "formwp");
}

TEST_P(ImportUndoTest, CustomersItMadeGo) {
  const base::BatchId batch = begin_import();
  const base::CustomerId one = import_customer(batch, "k-1");
  import_value(batch, one, "city", "杭州", at(-1));
  undo(batch);
  EXPECT_FALSE(is_known(one));
  EXPECT_FALSE(found("customer", "k-1"));
  const base::BatchId again = begin_import();  // the file may come again
  EXPECT_NE(import_customer(again, "k-1"), one);
}

TEST_P(ImportUndoTest, TheBatchAndWhoeverIsAnotherPersonAreNoticed) {
  const base::CustomerId known = known_as("known", -9);
  const base::BatchId batch = begin_import();
  const base::CustomerId made = import_customer(batch, "made");
  import_value(batch, known, "city", "杭州", at(-1));
  ASSERT_TRUE(
      write(import_options(batch), [&](Writing& writing) { return merge(writing, known, made); }));
  const event_log::Position before = newest();
  undo(batch);
  EXPECT_EQ(notices_behind(before),
            (std::vector<event_log::NoticeSubject>{batch, known, made, made}));
}

TEST_P(ImportUndoTest, CustomersOthersHaveWrittenToStay) {
  const base::BatchId batch = begin_import();
  const base::CustomerId one = import_customer(batch, "k-1");
  ASSERT_EQ(put(one, "city", text("广州"), at(-1)), 1);
  EXPECT_EQ(built_upon(batch), (std::vector<std::string>{"customer"}));
  undo(batch);
  EXPECT_TRUE(is_known(one));
  EXPECT_EQ(person_of("k-1"), one);  // and is still found
  EXPECT_EQ(value_of(one, "city"), "广州");
}

TEST_P(ImportUndoTest, NobodyStaysOfTwoImportsThatAreTakenBack) {
  for (const bool first_one_first : {true, false}) {
    const base::BatchId first = begin_import();
    const base::CustomerId one = import_customer(first, "k-1");
    const base::BatchId second = begin_import();
    import_value(second, one, "city", "杭州", at(-1));
    ASSERT_EQ(write(import_options(second),
                    [&](Writing& writing) {
                      return add_identity(writing, one, {"phone", "13800138000"}, {});
                    }),
              true);
    undo(first_one_first ? first : second);
    EXPECT_TRUE(is_known(one));
    undo(first_one_first ? second : first);
    EXPECT_FALSE(is_known(one));
    EXPECT_FALSE(found("customer", "k-1"));
    EXPECT_FALSE(found("phone", "13800138000"));
  }
}

TEST_P(ImportUndoTest, WhomAHandHasKeptStaysAfterTwoImports) {
  const base::BatchId first = begin_import();
  const base::CustomerId one = import_customer(first, "k-1");
  const base::BatchId second = begin_import();
  import_value(second, one, "job", "老师", at(-1));
  ASSERT_EQ(put(one, "city", text("广州"), at(-1)), 1);
  undo(first);
  EXPECT_EQ(built_upon(second), (std::vector<std::string>{"customer"}));
  undo(second);
  EXPECT_EQ(person_of("k-1"), one);
  EXPECT_EQ(value_of(one, "city"), "广州");
}

TEST_P(ImportUndoTest, IdentitiesItGaveToOthersGo) {
  const base::CustomerId one = known_as("k-1", -9);
  const base::BatchId batch = begin_import();
  ASSERT_EQ(write(import_options(batch),
                  [&](Writing& writing) {
                    return add_identity(writing, one, {"phone", "13800138000"}, {});
                  }),
            true);
  undo(batch);
  EXPECT_FALSE(found("phone", "13800138000"));
  EXPECT_EQ(person_of("k-1"), one);
}

TEST_P(ImportUndoTest, MergesItCausedAreUndoneAndOthersStay) {
  const base::CustomerId a = known_as("a", -9);
  const base::CustomerId b = known_as("b", -8);
  const base::CustomerId c = known_as("c", -7);
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, b, c); }));
  const base::BatchId batch = begin_import();
  const base::CustomerId made = import_customer(batch, "made");
  ASSERT_TRUE(write(import_options(batch), [&](Writing& writing) { return merge(writing, a, b); }));
  ASSERT_TRUE(
      write(import_options(batch), [&](Writing& writing) { return merge(writing, a, made); }));
  EXPECT_EQ(person_of("c"), a);
  undo(batch);
  EXPECT_EQ(person_of("a"), a);
  EXPECT_EQ(person_of("c"), b);
  EXPECT_FALSE(is_known(made));
}

TEST_P(ImportUndoTest, ACustomerMergedByHandStays) {
  const base::BatchId batch = begin_import();
  const base::CustomerId made = import_customer(batch, "made");
  const base::CustomerId old = known_as("old", -9);
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, made, old); }));
  undo(batch);
  EXPECT_TRUE(is_known(made));
  EXPECT_EQ(person_of("made"), old);
}

INSTANTIATE_TEST_SUITE_P(Both, ImportUndoTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
