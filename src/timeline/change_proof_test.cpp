#include "timeline/change_proof.h"

#include <gtest/gtest.h>

#include "timeline/test_rows.h"

namespace timeline {
namespace {

constexpr base::CustomerId kAnna{11};
constexpr std::int64_t kVip = 3;
constexpr base::Moment kCreated{50};
constexpr std::int64_t kTextAttribute = static_cast<std::int64_t>(base::ValueType::text) + 1;

// A store whose columns of attributes and memberships are made by other names than the events'.
std::shared_ptr<const ChangeTypes> other_changes(std::string_view one, std::string_view other) {
  std::vector<event_log::EventType> types;
  for (event_log::EventType type : test_types().all()) {
    if (type.name == one) {
      type.name = other;
    } else if (type.name == other) {
      type.name = one;
    }
    types.push_back(std::move(type));
  }
  std::ranges::sort(types, {}, &event_log::EventType::name);
  std::unordered_map<base::AttributeId, base::ValueType> attributes;
  for (std::int64_t type = 0; type < kAttributeTypes; ++type) {
    attributes.emplace(base::AttributeId{type + 1}, static_cast<base::ValueType>(type));
  }
  return std::make_shared<const ChangeTypes>(event_log::EventTypes(1, std::move(types)),
                                             std::move(attributes));
}

class ChangeProofTest : public testing::Test {
 protected:
  // Whether the proof holds for a person with a tag and an attribute, in the delta or folded.
  static bool agrees(const std::shared_ptr<const ChangeTypes>& columns, bool folded) {
    ColumnStore store(columns);
    store.set_origins(test_origins());
    store.add_person(kAnna, kCreated);
    const base::EventTypeId tag = change_event("tag_added");
    const base::EventTypeId attribute = change_event("attribute_changed");
    store.add(kAnna, {kPaid, {70}, 1, 0, 0, 0}, {});
    const event_log::KnownProperty vip[] = {ref_of(tag, kVip)};
    store.add(kAnna, {tag, {80}, 2, 0, 0, 0}, vip);
    const event_log::KnownProperty city[] = {ref_of(attribute, kTextAttribute),
                                             to_of(attribute, "杭州")};
    store.add(kAnna, {attribute, {60}, 3, 0, 0, 0}, city);
    store.publish({0, 0, 3});
    if (folded) {
      EXPECT_TRUE(store.fold(0));
    }
    const Pin pin = store.pin();
    const auto place = *pin.place_of(kAnna);
    Rows rows;
    pin.read_row(place.block, place.row, rows);
    return changes_agree(pin, place, rows, *test_changes());
  }
};

TEST_F(ChangeProofTest, HoldsForWhatTheEventsSay) {
  EXPECT_TRUE(agrees(test_changes(), false));
  EXPECT_TRUE(agrees(test_changes(), true));
}

TEST_F(ChangeProofTest, FindsATagThatIsMissingOrTooMuch) {
  for (const char* other : {"tag_removed", "list_joined", "consent_given"}) {
    EXPECT_FALSE(agrees(other_changes("tag_added", other), false)) << other;
    EXPECT_FALSE(agrees(other_changes("tag_added", other), true)) << other;
  }
}

TEST_F(ChangeProofTest, FindsAnAttributeThatIsAnother) {
  std::unordered_map<base::AttributeId, base::ValueType> numbers{
      {base::AttributeId{kTextAttribute}, base::ValueType::integer}};
  const auto wrong = std::make_shared<const ChangeTypes>(test_types(), numbers);
  EXPECT_FALSE(agrees(wrong, false));
  EXPECT_FALSE(agrees(wrong, true));
}

}  // namespace
}  // namespace timeline
