#include "timeline/customer_places.h"

#include <gtest/gtest.h>

#include <map>

namespace timeline {
namespace {

using base::CustomerId;

// Rows by number, each with the publications it is there in: [born, ended).
struct Lives {
  std::map<std::uint32_t, std::pair<Publication, Publication>> rows;
  auto at(Publication publication) const {
    return [this, publication](const Pin::Place& place) {
      const auto& [born, ended] = rows.at(place.row);
      return born <= publication && publication < ended;
    };
  }
};

TEST(CustomerPlaces, AHeldPublicationKeepsItsPlaces) {
  const auto places = std::make_shared<CustomerPlaces>();
  Lives lives;
  lives.rows = {{1, {1, 2}}, {2, {1, 3}}, {3, {2, 3}}, {4, {3, kEverything}}};
  const CustomerId a{101};
  const CustomerId b{102};
  const auto row = [&](CustomerId customer, Publication publication) -> int {
    const auto place = places->find(customer, publication, lives.at(publication));
    return place ? static_cast<int>(place->row) : 0;
  };

  places->publish(1, {{a, {0, 1}}, {b, {0, 2}}});
  auto first = std::make_unique<CustomerPlaces::Hold>(places, 1);
  places->publish(2, {{a, {0, 3}}});
  auto second = std::make_unique<CustomerPlaces::Hold>(places, 2);
  places->publish(3, {{a, {0, 4}}, {b, {0, 4}}});
  const CustomerPlaces::Hold third(places, 3);
  EXPECT_EQ(row(a, 1), 1);
  EXPECT_EQ(row(a, 2), 3);
  EXPECT_EQ(row(a, 3), 4);
  EXPECT_EQ(row(b, 1), 2);
  EXPECT_EQ(row(b, 2), 2);
  EXPECT_EQ(row(b, 3), 4);
  EXPECT_EQ(row({103}, 3), 0);
  EXPECT_EQ(places->all(1, lives.at(1)).size(), 2U);
  EXPECT_EQ(places->all(2, lives.at(2)).front().second.row, 3U);
  EXPECT_EQ(places->moves_kept(), 3U);

  first.reset();
  EXPECT_EQ(places->moves_kept(), 2U);
  EXPECT_EQ(row(a, 2), 3);
  second.reset();
  EXPECT_EQ(places->moves_kept(), 0U);
}

TEST(CustomerPlaces, CustomersOfARowThatEndedAreNowhere) {
  const auto places = std::make_shared<CustomerPlaces>();
  Lives lives;
  lives.rows = {{1, {1, 2}}, {2, {1, kEverything}}};
  places->publish(1, {{{5}, {0, 1}}, {{6}, {0, 2}}});
  EXPECT_TRUE(places->find({5}, 1, lives.at(1)).has_value());
  EXPECT_FALSE(places->find({5}, 2, lives.at(2)).has_value());
  EXPECT_EQ(places->all(2, lives.at(2)).size(), 1U);
}

TEST(CustomerPlaces, WhoIsNowhereTakesNoRoomOnceNobodyLooksBack) {
  const auto places = std::make_shared<CustomerPlaces>();
  Lives lives;
  lives.rows = {{1, {1, 2}}, {2, {3, kEverything}}};
  places->publish(1, {{{5}, {0, 1}}});
  auto first = std::make_unique<CustomerPlaces::Hold>(places, 1);
  places->publish(2, {{{5}, kNowhere}, {{6}, kNowhere}});
  EXPECT_FALSE(places->latest({5}).has_value());
  EXPECT_TRUE(places->find({5}, 1, lives.at(1)).has_value());
  EXPECT_EQ(places->all(1, lives.at(1)).size(), 1U);
  EXPECT_FALSE(places->find({5}, 2, lives.at(2)).has_value());
  first.reset();
  EXPECT_EQ(places->moves_kept(), 0U);
  places->publish(3, {{{5}, {0, 2}}});
  EXPECT_EQ(places->find({5}, 3, lives.at(3))->row, 2U);
}

TEST(CustomerPlaces, ACustomerTakesFewBytes) {
  constexpr std::int64_t kCustomers = 300'000;
  CustomerPlaces::Moved moved;
  for (std::int64_t id = 1; id <= kCustomers; ++id) {
    const auto place = static_cast<std::uint32_t>(id);
    moved[{id * 1'000'003}] = {place / 1024, place % 1024};
  }
  const auto places = std::make_shared<CustomerPlaces>();
  places->publish(1, moved);
  EXPECT_LE(places->bytes(), kCustomers * 31);
  const auto all = places->all(1, [](const Pin::Place&) { return true; });
  ASSERT_EQ(all.size(), kCustomers);
  EXPECT_EQ(all[1999].first, CustomerId{2000 * 1'000'003LL});
  EXPECT_EQ(all[1999].second.block, 1U);
  EXPECT_EQ(all[1999].second.row, 2000U - 1024U);
}

}  // namespace
}  // namespace timeline
