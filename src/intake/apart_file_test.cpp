// Rows that come with somebody's phone and are somebody else.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "customer/apart.h"
#include "customer/merge.h"
#include "intake/mapped_fixture.h"

namespace intake {
namespace {

class ApartFileTest : public MappedFileTest {
 protected:
  static constexpr std::string_view kByPhone =
      R"({"kind":"customers","columns":[{"column":"手机","as":"identity","name":"phone"},)"
      R"({"column":"卡号","as":"identity","name":"member_number"},)"
      R"({"column":"名","as":"attribute","name":"name","type":"text"},)"
      R"({"column":"城","as":"attribute","name":"city","type":"text"}]})";

  ImportReport rows(const std::string& lines) {
    return import("手机,卡号,名,城\n" + lines, kByPhone);
  }
  // The same with what became of it: "1 new, 2 customers, 1 reviews".
  std::string came_of(const std::string& lines) {
    const ImportReport report = rows(lines);
    return std::to_string(report.counts.written) + " new, " +
           std::to_string(report.customers_created) + " customers, " +
           std::to_string(report.reviews_opened) + " reviews";
  }

  std::vector<customer::Review> open() {
    return database().read(
        [](store::Session& session) { return customer::open_reviews(session, 0); });
  }
  template <typename Work>
  auto by_hand(Work&& work) {
    return database().write("test", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_,
                                {.actor = {.kind = rights::ActorKind::user, .id = 7},
                                 .now = clock_.now(),
                                 .source = "console"});
      return work(writing);
    });
  }
  void decide(customer::Decision decision) {
    const auto reviews = open();
    ASSERT_EQ(reviews.size(), 1U);
    const auto decided = by_hand([&](customer::Writing& writing) {
      return customer::decide(writing, reviews[0].id, decision);
    });
    ASSERT_TRUE(decided.has_value());
    EXPECT_TRUE(decided->has_value());
    EXPECT_TRUE(open().empty());
  }
};

constexpr const char* kLin = "14200000001,,林晓,北京\n";
constexpr const char* kWang = "14200000001,,王芳,上海\n";

TEST_P(ApartFileTest, AnotherNameIsAnotherPersonAndAReview) {
  EXPECT_EQ(came_of(kLin), "1 new, 1 customers, 0 reviews");
  EXPECT_EQ(came_of(std::string(kWang) + kLin), "1 new, 1 customers, 1 reviews");
  EXPECT_EQ(persons(), 2);
  ASSERT_EQ(open().size(), 1U);
  const customer::Review review = open()[0];
  EXPECT_EQ(review.survivor, person("14200000001"));
  EXPECT_EQ(review.name, "phone");
  EXPECT_FALSE(review.merged);
  EXPECT_TRUE(review.batch.has_value());
  // The file again finds both, also while nobody has decided.
  EXPECT_EQ(came_of(std::string(kWang) + kLin), "0 new, 0 customers, 0 reviews");
  // A third is a third.
  EXPECT_EQ(came_of("14200000001,,赵六,\n"), "1 new, 1 customers, 1 reviews");
}

TEST_P(ApartFileTest, WithinAFileTheFirstHasThePhone) {
  EXPECT_EQ(came_of(std::string(kLin) + kWang + "14200000001,,,广州\n"),
            "3 new, 2 customers, 1 reviews");
  // The row without a name is the first person's, whose city it replaces.
  EXPECT_NE(logged().find("广州"), std::string::npos) << logged();
  EXPECT_EQ(came_of(std::string(kLin) + kWang + "14200000001,,,广州\n"),
            "0 new, 0 customers, 0 reviews");
}

TEST_P(ApartFileTest, KeptApartIsNotAskedAgain) {
  rows(std::string(kLin) + kWang);
  decide(customer::Decision::keep_apart);
  EXPECT_EQ(persons(), 2);
  EXPECT_EQ(came_of(std::string(kLin) + kWang), "0 new, 0 customers, 0 reviews");
  EXPECT_TRUE(open().empty());
}

TEST_P(ApartFileTest, MergedTheyAreOne) {
  rows(std::string(kLin) + kWang);
  decide(customer::Decision::merge);
  EXPECT_EQ(persons(), 1);
  const ImportReport again = rows(kWang);
  EXPECT_EQ(again.customers_created, 0);
  EXPECT_EQ(again.reviews_opened, 0);
  EXPECT_EQ(persons(), 1);
}

TEST_P(ApartFileTest, ANameCorrectedByHandIsTheSamePerson) {
  rows(kLin);
  const auto who = person("14200000001");
  const auto changed = by_hand([&](customer::Writing& writing) {
    const customer::NewValue name{"name", base::Value(std::string("林小晓")), {}, {}};
    return customer::set_attributes(writing, *who, std::span(&name, 1));
  });
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(came_of(kLin), "1 new, 0 customers, 0 reviews");
  EXPECT_EQ(persons(), 1);
}

TEST_P(ApartFileTest, AnotherMembershipNumberIsAnotherPerson) {
  rows("14200000001,A1,,\n");
  EXPECT_EQ(came_of("14200000001,A1,林晓,\n"), "1 new, 0 customers, 0 reviews");
  EXPECT_EQ(came_of("14200000001,A2,,\n"), "1 new, 1 customers, 1 reviews");
  // Who has the number already is who the row is about.
  rows(",B1,王芳,\n");
  EXPECT_EQ(came_of("14200000001,B1,,\n"), "0 new, 0 customers, 1 reviews");
  EXPECT_EQ(persons(), 3);
}

TEST_P(ApartFileTest, APhoneThatIsAnothersStaysWithThem) {
  rows(kLin);
  const auto holder = person("14200000001");
  const ImportReport report = customers("customer,name,phone:identity\nu-1,王芳,14200000001\n");
  EXPECT_EQ(told(report), "1 rows: 1 new, 0 repeated, 0 left out");
  EXPECT_EQ(report.reviews_opened, 1);
  EXPECT_EQ(person("14200000001"), holder);
  // Nothing tells these apart: it is refused as before.
  const ImportReport same = customers("customer,phone:identity\nu-2,14200000001\n");
  EXPECT_EQ(told(same), "1 rows: 0 new, 0 repeated, 1 left out; 2:0  customer.identity_taken");
}

TEST_P(ApartFileTest, UndoClosesTheReviewsOfItsImport) {
  rows(kLin);
  const ImportReport report = rows(kWang);
  undo(report.batch);
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(persons(), 1);
  // The file again asks again: nobody has decided.
  EXPECT_EQ(came_of(kWang), "1 new, 1 customers, 1 reviews");
}

INSTANTIATE_TEST_SUITE_P(Both, ApartFileTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
