// Inside the module: the values of one customer in one call: what stands, and what changes.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"
#include "customer/attribute.h"
#include "customer/change.h"

namespace customer {

// Requires the lock of names, and that none has this name.
enum class Declared : std::uint8_t { no, yes };
[[nodiscard]] base::Result<Attribute, Error> make_attribute(Writing& writing,
                                                            const std::string& name,
                                                            base::ValueType type,
                                                            Declared declared);

// A change of an attribute; what it becomes is `change.to`, unknown when there is none.
struct ValueChange {
  Change change;
  std::optional<std::string> raw;  // of the wrong type
  base::ValueType type;            // of the attribute
};

// Their rows, behind their events: one position each. The last change of an attribute stands.
void store_values(Writing& writing, std::span<const ValueChange> changes,
                  std::span<const event_log::Position> positions);

class AttributeWriting {
 public:
  AttributeWriting(Writing& writing, base::CustomerId customer, base::CustomerId person)
      : writing_(writing), customer_(customer), person_(person) {}
  // Of somebody this unit makes, for whom nothing stands yet. What the log has against a change is
  // left to it.
  static AttributeWriting of_newcomer(Writing& writing, base::CustomerId customer) {
    AttributeWriting made(writing, customer, customer);
    made.is_newcomer_ = true;
    return made;
  }

  // Adds to the changes unless it says what stands.
  [[nodiscard]] base::Result<void, Error> take(const NewValue& given);
  std::vector<ValueChange>& changes() { return changes_; }

 private:
  // What a value is for an attribute: neither value nor raw: unknown as it came.
  struct State {
    std::optional<std::string> value;  // in the one spelling
    std::optional<std::string> raw;    // of the wrong type
    friend bool operator==(const State&, const State&) = default;
  };
  struct Stood {
    Stamp stamp;
    State state;
  };
  struct Stands {
    std::optional<Stood> own;
    std::optional<Stood> person;
  };

  static State state_of(const Attribute& attribute, const NewValue& given);
  [[nodiscard]] base::Result<void, Error> take(const Attribute& attribute, State state, Said said);
  Stands& standing(base::AttributeId attribute);

  Writing& writing_;
  base::CustomerId customer_;
  base::CustomerId person_;
  bool is_newcomer_ = false;
  std::map<base::AttributeId, Stands> standing_;
  std::vector<ValueChange> changes_;
};

}  // namespace customer
