#include "timeline/origins.h"

#include <gtest/gtest.h>

namespace timeline {
namespace {

Origin of(std::int64_t source, std::int64_t batch) {
  if (batch == 0) return {source, std::nullopt};
  return {source, base::BatchId{batch}};
}

// Numbers: 0 api; 1 and 3 two files of batch 9; 2 the first file again, in batch 4.
std::shared_ptr<const Origins> some() {
  return Origins()
      .with(of(1, 0), "api")
      ->with(of(2, 9), "csv orders.csv")
      ->with(of(2, 4), "csv orders.csv")
      ->with(of(3, 9), "");
}

TEST(Origins, FindsWhatWasAdded) {
  const auto origins = some();
  ASSERT_EQ(origins->size(), 4u);
  EXPECT_EQ(origins->find(of(1, 0)), 0u);
  EXPECT_EQ(origins->find(of(2, 9)), 1u);
  EXPECT_EQ(origins->find(of(2, 4)), 2u);
  EXPECT_EQ(origins->find(of(3, 9)), 3u);
  EXPECT_FALSE(origins->find(of(2, 0)));
  EXPECT_FALSE(origins->find(of(4, 9)));
  EXPECT_EQ(origins->of(2), of(2, 4));
  EXPECT_EQ(origins->source_name(1), "csv orders.csv");
  EXPECT_EQ(origins->source_name(3), "");
}

TEST(Origins, NamesAllOfABatch) {
  const auto origins = some();
  EXPECT_EQ(origins->of_batch(base::BatchId{9}), (std::vector<OriginNumber>{1, 3}));
  EXPECT_EQ(origins->of_batch(base::BatchId{4}), (std::vector<OriginNumber>{2}));
  EXPECT_TRUE(origins->of_batch(base::BatchId{5}).empty());
}

TEST(Origins, APictureStaysAsItIs) {
  const auto before = some();
  const auto after = before->with(of(7, 0), "console");
  EXPECT_EQ(before->size(), 4u);
  EXPECT_FALSE(before->find(of(7, 0)));
  EXPECT_EQ(after->find(of(7, 0)), 4u);
  EXPECT_EQ(after->source_name(1), "csv orders.csv");
}

TEST(Origins, ComesBackFromItsImage) {
  const auto origins = some();
  const auto back = Origins::read(origins->image());
  ASSERT_NE(back, nullptr);
  ASSERT_EQ(back->size(), origins->size());
  for (OriginNumber number = 0; number < 4; ++number) {
    EXPECT_EQ(back->of(number), origins->of(number));
    EXPECT_EQ(back->source_name(number), origins->source_name(number));
    EXPECT_EQ(back->find(origins->of(number)), number);
  }
  ASSERT_NE(Origins::read({}), nullptr);
  EXPECT_EQ(Origins::read({})->size(), 0u);
}

TEST(Origins, RefusesDamagedImages) {
  const auto image = some()->image();
  // An image may end where an entry does, nowhere else.
  std::size_t whole = 0;
  for (std::size_t bytes = 0; bytes < image.size(); ++bytes) {
    if (Origins::read(std::span(image).first(bytes)) != nullptr) ++whole;
  }
  EXPECT_EQ(whole, 4u);
  auto twice = image;
  twice.insert(twice.end(), image.begin(), image.end());
  EXPECT_EQ(Origins::read(twice), nullptr);
}

}  // namespace
}  // namespace timeline
