#include "account/friend_fact.h"

#include "account/change.h"
#include "base/text.h"

namespace account {

FriendFact friend_fact_at(const store::Row& row) {
  return {.position = {row.integer(0), row.integer(1), row.integer(2)},
          .customer = {row.integer(3)},
          .staff = std::string(row.text(4)),
          .time = {row.integer(5)},
          .added = row.integer(6) != 0};
}

FriendTypes::FriendTypes(const event_log::EventTypes& types)
    : added_(types.find("friend_added")), removed_(types.find("friend_removed")) {}

std::vector<base::EventTypeId> FriendTypes::ids() const {
  std::vector<base::EventTypeId> ids;
  for (const event_log::EventType* type : {added_, removed_}) {
    if (type != nullptr) ids.push_back(type->id);
  }
  return ids;
}

std::optional<FriendFact> FriendTypes::read(const event_log::Event& event) const {
  const bool added = added_ != nullptr && event.type == added_->id;
  const bool removed = removed_ != nullptr && event.type == removed_->id;
  if (!added && !removed) return std::nullopt;
  const event_log::EventType& type = added ? *added_ : *removed_;
  const event_log::Property* staff = type.find("staff");
  if (staff == nullptr) return std::nullopt;
  for (const auto& known : event_log::known_properties(type, event.properties)) {
    const auto* number = std::get_if<std::string>(&known.value);
    if (known.id != staff->id || number == nullptr || !is_good_code(*number)) continue;
    return FriendFact{.position = event.position,
                      .customer = event.customer,
                      .staff = base::to_nfc(*number),
                      .time = event.time,
                      .added = added};
  }
  return std::nullopt;
}

}  // namespace account
