// What somebody with masks sees: "138****0001", "l****@example.com", "李*", "****".
//
// Masked are the keys and identities that tell something (customer/telling_identity.h), the
// attributes and properties named in masked_names.tsv, both also where an event tells of a change
// of one, in texts of any other name every Chinese mobile number, and whole numbers that are one
// unless the standard vocabulary counts by that name (amount, items …); and nothing is shown of
// what the brand has marked as personal (base::FieldNote). Times, counts and everything else stay.
// Rules still see the values: a mask is against reading along, not against asking.
//
// Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/permission.h"

namespace api {

// The first three and the last four characters of what has eight or more; else nothing of it.
std::string masked_phone(std::string_view phone);
// The first character.
std::string masked_name(std::string_view name);

// A row of masked_names.tsv.
struct MaskedName {
  std::string_view name;
  std::string_view mask;  // "phone", "email" or "name"
};

// "phone", "email", "name" or, for what has no row there, "".
std::string_view mask_named(std::string_view name);

// Of keys, identities and names of people.
class Mask {
 public:
  explicit Mask(const rights::Masks& masks) : masks_(masks) {}

  std::string key(std::string_view key) const;
  std::string identity(std::string_view kind, std::string_view value) const;
  // What a person is called; null: nobody knows.
  boost::json::value name(const std::optional<std::string>& name) const;

 protected:
  rights::Masks masks_;
};

// What the brand has marked as personal, by name.
struct PersonalFields {
  using Names = std::set<std::string, std::less<>>;
  Names attributes = {};
  std::map<std::string, Names, std::less<>> properties = {};  // by the event's name
};

// Of values of attributes and properties.
class FieldMask : public Mask {
 public:
  FieldMask(const rights::Masks& masks, PersonalFields personal)
      : Mask(masks), personal_(std::move(personal)) {}

  // Of an attribute; what is neither text nor a mobile stays, unless the attribute is masked.
  boost::json::value value(std::string_view attribute, boost::json::value value) const;
  // Whether value() of this attribute is not the value itself.
  bool hides(std::string_view attribute) const;
  // All names of attributes that are masked, each once.
  std::vector<std::string> hidden_attributes() const;
  // What the brand has marked as personal of events; what is masked by its name is so in any event.
  std::vector<std::pair<std::string, std::string>> hidden_properties() const;  // event, property
  // Every property of an event, what it tells of changes included.
  boost::json::object properties(std::string_view event, boost::json::object properties) const;
  // The facts and measures of an explanation, through all its parts. Of a change that does not say
  // of what, and of such a name in any other event, nothing is shown: a fact tells only what its
  // rule asks for.
  boost::json::object explanation(boost::json::object explanation) const;

 private:
  bool any() const { return masks_ != rights::Masks{}; }
  boost::json::value masked(std::string_view name, const PersonalFields::Names& personal,
                            boost::json::value value) const;
  bool hides(std::string_view name, const PersonalFields::Names& personal) const;
  const PersonalFields::Names& personal_of(std::string_view event) const;
  boost::json::value measured(const boost::json::object& of, boost::json::value value) const;
  boost::json::object node(boost::json::object node) const;
  boost::json::object fact(boost::json::object fact) const;

  PersonalFields personal_;
};

}  // namespace api
