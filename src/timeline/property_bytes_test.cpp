#include "timeline/property_bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace timeline {
namespace {

using base::Value;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

void expect_kept(const std::vector<event_log::KnownProperty>& properties) {
  std::vector<std::byte> bytes = {std::byte{7}};  // appended to, not written over
  write_properties(properties, bytes);
  std::vector<event_log::KnownProperty> read = {{{1}, Value(true)}};
  EXPECT_EQ(read_properties(bytes.data() + 1, read), properties.size());
  ASSERT_EQ(read.size(), properties.size() + 1);
  for (std::size_t i = 0; i < properties.size(); ++i) {
    EXPECT_EQ(read[i + 1].id, properties[i].id) << i;
    EXPECT_EQ(read[i + 1].value, properties[i].value) << i;
    EXPECT_EQ(base::type_of(read[i + 1].value), base::type_of(properties[i].value)) << i;
  }
}

TEST(PropertyBytes, EveryTypeComesBack) {
  expect_kept({});
  expect_kept({{{1}, Value(std::int64_t{0})},
               {{127}, Value(base::Decimal{-1})},
               {{128}, Value(base::Money{1250})},
               {{16'384}, Value(std::string("红"))},
               {{kGreatest}, Value(false)},
               {{2}, Value(true)},
               {{3}, Value(base::Moment{1'767'225'600'000})},
               {{4}, Value(base::Date{2026, 12, 31})},
               {{5}, Value(base::Date{0, 2, 29})},
               {{6}, Value(base::TextList{"a", "", std::string(300, 'b')})},
               {{7}, Value(base::TextList{})}});
}

TEST(PropertyBytes, EndsOfTheNumbersComeBack) {
  for (const std::int64_t number : {kLeast, kLeast + 1, std::int64_t{-65}, std::int64_t{-64},
                                    std::int64_t{63}, std::int64_t{64}, kGreatest}) {
    expect_kept({{{9}, Value(number)}, {{10}, Value(base::Money{number})}});
  }
  expect_kept({{{9}, Value(base::kMomentMin)}, {{10}, Value(base::kMomentMax)}});
}

TEST(PropertyBytes, ShortPropertiesTakeFewBytes) {
  std::vector<std::byte> bytes;
  write_properties({{{{120}, Value(base::Money{1250})}, {{130}, Value(std::string("app"))}}},
                   bytes);
  EXPECT_LE(bytes.size(), 13U);
}

}  // namespace
}  // namespace timeline
