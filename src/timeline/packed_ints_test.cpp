#include "timeline/packed_ints.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace timeline {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kFar = (std::int64_t{1} << 62) + 1;

// The bytes in a buffer of exactly their size, so that a sanitizer sees a read beyond them.
struct Packed {
  explicit Packed(const Ints& values) : Packed(packed_form(values), values) {}
  Packed(const PackedInts::Form& form, const Ints& values) {
    pack(form, values, bytes);
    bytes.shrink_to_fit();
    ints = PackedInts(form, bytes);
  }
  Ints back() const {
    Ints out;
    for (std::size_t i = 0; i < ints.size(); ++i) out.push_back(ints[i]);
    return out;
  }
  std::vector<std::byte> bytes;
  PackedInts ints;
};

// "width × scale + base"
std::string form(const Ints& values) {
  const PackedInts::Form form = packed_form(values);
  return std::to_string(form.width) + " x " + std::to_string(form.scale) + " + " +
         std::to_string(form.base);
}

TEST(PackedInts, TakesAsFewBitsAsTheColumnNeeds) {
  EXPECT_EQ(form({}), "0 x 1 + 0");
  EXPECT_EQ(form({7}), "0 x 1 + 7");
  EXPECT_EQ(form({-7, -7, -7}), "0 x 1 + -7");
  EXPECT_EQ(form({5, 6}), "1 x 1 + 5");
  EXPECT_EQ(form({100, 300, 1300}), "3 x 200 + 100");
  EXPECT_EQ(form({0, 255}), "1 x 255 + 0");
  EXPECT_EQ(form({0, 1, 255}), "8 x 1 + 0");
  EXPECT_EQ(form({0, 1, 256}), "9 x 1 + 0");
  EXPECT_EQ(form({0, 1, (std::int64_t{1} << 56) - 1}), "56 x 1 + 0");
  EXPECT_EQ(form({0, 1, std::int64_t{1} << 56}), "64 x 1 + 0");  // none between 56 and 64
  EXPECT_EQ(form({kLeast, kGreatest}), "64 x 1 + " + std::to_string(kLeast));
  EXPECT_EQ(form({kLeast, -1}), "1 x 9223372036854775807 + " + std::to_string(kLeast));
}

TEST(PackedInts, AColumnOfOneValueTakesNoBytes) {
  const Packed same(Ints(1000, 42));
  EXPECT_TRUE(same.bytes.empty());
  EXPECT_EQ(same.back(), Ints(1000, 42));
  EXPECT_EQ(PackedInts().size(), 0U);
}

TEST(PackedInts, GivesBackWhatWasPacked) {
  std::mt19937_64 random(1);
  for (unsigned width = 0; width <= 64; ++width) {
    for (const std::size_t size : {1U, 2U, 7U, 8U, 9U, 63U, 64U, 65U, 1000U}) {
      SCOPED_TRACE(std::to_string(width) + " bits, " + std::to_string(size) + " values");
      const std::uint64_t mask = width == 64 ? ~0ULL : (1ULL << width) - 1;
      Ints values(size);
      for (std::int64_t& value : values) value = static_cast<std::int64_t>(random() & mask);
      values.back() = static_cast<std::int64_t>(mask);
      const Packed packed(values);
      EXPECT_EQ(packed.bytes.size(), packed_bytes(packed.ints.form()));
      EXPECT_EQ(packed.back(), values);
      EXPECT_TRUE(is_possible(packed.ints.form()));
    }
  }
}

TEST(PackedInts, HoldsEveryInt64) {
  for (const Ints& values :
       {Ints{kLeast, kLeast + kFar, 2, kFar + 2}, Ints{kLeast, kGreatest},
        Ints{kLeast, 0, kGreatest, -1, 1}, Ints{kLeast}, Ints{kGreatest, kGreatest - 3}}) {
    EXPECT_EQ(Packed(values).back(), values);
  }
}

TEST(PackedInts, RawAtLeastComparesWithoutValues) {
  const Ints values = {-300, 100, 500, 900};
  const Packed packed(values);
  ASSERT_EQ(packed.ints.form().scale, 400);
  for (const std::int64_t bound :
       {kLeast, std::int64_t{-301}, std::int64_t{-300}, std::int64_t{-299}, std::int64_t{100},
        std::int64_t{101}, std::int64_t{900}, std::int64_t{901}, kGreatest}) {
    const std::uint64_t least = packed.ints.raw_at_least(bound);
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(packed.ints.raw(i) >= least, values[i] >= bound) << values[i] << " " << bound;
    }
  }
  const Packed all({kLeast, 0, kGreatest});
  EXPECT_EQ(all.ints.raw_at_least(kGreatest), ~std::uint64_t{0});
  EXPECT_EQ(all.ints.raw_at_least(kLeast), 0U);
}

TEST(PackedInts, LeavesRawZeroFree) {
  for (const Ints& values : {Ints{5}, Ints{0, 100, 300}, Ints{kLeast, 7}, Ints{kGreatest, 0},
                             // Steps of 2^62 + 1: three fit into 64 bits, a fourth does not.
                             Ints{kLeast, kLeast + kFar, 2, kFar + 2}}) {
    const auto form = packed_form_above_zero(values, values.size() + 1);
    ASSERT_TRUE(form.has_value());
    Ints with_none = values;
    with_none.push_back(form->base);
    const Packed packed(*form, with_none);
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NE(packed.ints.raw(i), 0U);
      EXPECT_EQ(packed.ints[i], values[i]);
    }
    EXPECT_EQ(packed.ints.raw(values.size()), 0U);
  }
  EXPECT_FALSE(packed_form_above_zero(Ints{kLeast, 0, kGreatest}, 3).has_value());
  EXPECT_FALSE(packed_form_above_zero(Ints{kLeast, kLeast + 1, kGreatest - 1}, 3).has_value());
  EXPECT_TRUE(packed_form_above_zero(Ints{kLeast, kLeast + 1, kGreatest - 2}, 3).has_value());
  EXPECT_EQ(packed_form_above_zero({}, 9)->width, 0U);
}

TEST(PackedInts, RefusesFormsThatCannotBe) {
  EXPECT_TRUE(is_possible({.size = 3, .width = 64}));
  EXPECT_FALSE(is_possible({.size = 3, .width = 57}));
  EXPECT_FALSE(is_possible({.size = 3, .width = 65}));
  EXPECT_FALSE(is_possible({.scale = 0, .size = 3, .width = 1}));
  EXPECT_FALSE(is_possible({.scale = -1, .size = 3, .width = 1}));
  EXPECT_FALSE(is_possible({.size = 0, .width = 1}));
}

}  // namespace
}  // namespace timeline
