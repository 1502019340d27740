// Who did something, as answers write it: "user:1 zhang.wei", like the audit, with the name the
// user has today; "user:1" of one who is no more, "key:3", "system:intake" as they are.
//
// Made for one answer, outside of a read; belongs to its thread and borrows the users.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "access/user.h"

namespace api {

class ActorNames {
 public:
  explicit ActorNames(rights::Users& users) : users_(users) {}

  // `actor`: what rights::to_text made. Each user is looked up once.
  const std::string& shown(std::string_view actor);
  // The same in place, of a member that is such a text.
  void show(boost::json::object& object, std::string_view member);

 private:
  rights::Users& users_;
  std::map<std::string, std::string, std::less<>> shown_;
};

}  // namespace api
