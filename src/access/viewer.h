// Who asks, what they may do, and which customers they may see. Every question of a higher module
// takes a Viewer; what it answers is and-ed with the viewer's customers.
//
// Immutable; cheap to copy; any thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "access/permission.h"
#include "base/id.h"

namespace rights {

// Persons (resolved ids). Ids are 53 random bits, so a sorted list (8 bytes each) beats a bitmap;
// modules with a dense numbering of their own turn it into their bitmap once.
class CustomerSet {
 public:
  explicit CustomerSet(std::vector<base::CustomerId> customers);  // any order, repeats allowed

  bool contains(base::CustomerId customer) const;
  std::span<const base::CustomerId> customers() const { return sorted_; }

 private:
  std::vector<base::CustomerId> sorted_;  // each once
};

class Viewer {
 public:
  struct Who {
    Actor actor;
    PermissionSet permissions;
    Masks masks = {};
  };

  // Sees everybody.
  static Viewer all(Who who) { return Viewer(std::move(who), nullptr); }
  // Sees these persons only.
  static Viewer only(Who who, CustomerSet customers) {
    return Viewer(std::move(who), std::make_shared<const CustomerSet>(std::move(customers)));
  }
  // Everything, everybody: the command line of whoever owns the folder, and the program itself.
  static Viewer command_line(std::string from = "local");
  static Viewer system(std::string part);

  const Actor& actor() const { return who_.actor; }
  const PermissionSet& permissions() const { return who_.permissions; }
  const Masks& masks() const { return who_.masks; }

  bool may(Permission permission) const { return who_.permissions.has(permission); }
  // `customer` is the person, resolved through merges.
  bool sees(base::CustomerId customer) const { return !only_ || only_->contains(customer); }
  // Null: everybody. Lives as long as this viewer or a copy of it.
  const CustomerSet* only() const { return only_.get(); }

 private:
  Viewer(Who who, std::shared_ptr<const CustomerSet> only)
      : who_(std::move(who)), only_(std::move(only)) {}
  Who who_;
  std::shared_ptr<const CustomerSet> only_;
};

}  // namespace rights
