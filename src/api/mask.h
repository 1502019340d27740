// What somebody with masks sees of phones and names: "138****0001", "李*".
//
// Masked are identities of the kind phone, keys and identities that look like a phone, the
// attributes and properties named in masked_names.tsv, also where an event tells of a change of
// one, and in texts of any other name every Chinese mobile number. Times, counts and everything
// else stay. Rules still see the values: a mask is against reading along, not against asking.
//
// Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
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
  std::string_view mask;  // "phone" or "name"
};

class Mask {
 public:
  explicit Mask(const rights::Masks& masks) : masks_(masks) {}

  std::string key(std::string_view key) const;
  std::string identity(std::string_view kind, std::string_view value) const;
  // What a person is called; null: nobody knows.
  boost::json::value name(const std::optional<std::string>& name) const;
  // Of an attribute or property of this name; what is no text stays, unless the name is masked.
  boost::json::value value(std::string_view name, boost::json::value value) const;
  // Whether value() of this name is not the value itself.
  bool hides(std::string_view name) const;
  // All such names, as masked_names.tsv has them.
  std::vector<std::string_view> hidden_names() const;
  // Every property of an event, what it tells of changes included.
  boost::json::object properties(boost::json::object properties) const;
  // The facts of an explanation, through all its parts.
  boost::json::object explanation(boost::json::object explanation) const;

 private:
  bool any() const { return masks_.phone || masks_.name; }
  boost::json::object node(boost::json::object node) const;
  boost::json::object fact(boost::json::object fact) const;

  rights::Masks masks_;
};

}  // namespace api
