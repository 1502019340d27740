#include "audience/live_states.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace audience {
namespace {

using base::CustomerId;

constexpr std::uint32_t kNumbers = 300;
constexpr int kSets = 3000;

void expect_same(const LiveStates& states, const std::map<PersonNumber, State>& given,
                 std::size_t count) {
  std::vector<std::int64_t> counts(count);
  for (PersonNumber number = 0; number < kNumbers + 200; ++number) {
    const auto found = given.find(number);
    const State state = found == given.end() ? State{0} : found->second;
    ASSERT_EQ(states.at(number), state) << number;
    if (state != 0) ++counts[state];
  }
  for (std::size_t state = 1; state < count; ++state) {
    ASSERT_EQ(states.counts()[state], counts[state]);
    std::int64_t visited = 0;
    std::int64_t last = -1;
    states.each(static_cast<State>(state), [&](PersonNumber number) {
      ++visited;
      EXPECT_GT(std::int64_t{number}, last);
      last = number;
      EXPECT_EQ(given.at(number), state);
    });
    ASSERT_EQ(visited, counts[state]);
  }
}

TEST(LiveStates, ArePlanesOfAMap) {
  for (const std::size_t count : {2, 3, 5, 8, 64}) {
    std::mt19937 random(static_cast<std::uint32_t>(count));
    LiveStates states(count);
    std::map<PersonNumber, State> given;
    for (int set = 0; set < kSets; ++set) {
      const auto number = static_cast<PersonNumber>(random() % kNumbers);
      const auto state = static_cast<State>(random() % count);
      states.set(number, state);
      given[number] = state;
    }
    expect_same(states, given, count);
    LiveStates read(count);
    ASSERT_TRUE(read.read(states.to_bytes()));
    expect_same(read, given, count);
  }
}

TEST(LiveStates, BytesThatAreNotTheirsAreRefused) {
  LiveStates states(5);
  states.set(70, 4);
  const std::string bytes = states.to_bytes();
  LiveStates read(5);
  EXPECT_FALSE(read.read(bytes.substr(1)));
  std::string wrong = bytes;
  wrong[wrong.size() / 3] = '\x01';      // plane 1
  wrong[wrong.size() / 3 * 2] = '\x01';  // plane 2: state 6 there is not
  EXPECT_FALSE(read.read(wrong));
  EXPECT_TRUE(read.read(bytes));
  EXPECT_EQ(read.at(70), 4);
  EXPECT_TRUE(read.read(""));
  EXPECT_EQ(read.at(70), 0);
}

TEST(LivePeople, KeepTheirNumbers) {
  LivePeople people;
  EXPECT_EQ(people.number_of(CustomerId{17}), 0U);
  EXPECT_EQ(people.number_of(CustomerId{4}), 1U);
  EXPECT_EQ(people.number_of(CustomerId{17}), 0U);
  people.forget(CustomerId{17});
  EXPECT_FALSE(people.find(CustomerId{17}));
  EXPECT_FALSE(people.person(0));
  EXPECT_EQ(people.number_of(CustomerId{17}), 2U);

  LivePeople read;
  ASSERT_TRUE(read.append(people.bytes_from(0, 2)));
  ASSERT_TRUE(read.append(people.bytes_from(2, 1)));
  EXPECT_EQ(read.count(), 3U);
  EXPECT_FALSE(read.person(0));
  EXPECT_EQ(read.find(CustomerId{4}), 1U);
  EXPECT_EQ(read.find(CustomerId{17}), 2U);
  EXPECT_FALSE(read.append("1234567"));
}

}  // namespace
}  // namespace audience
