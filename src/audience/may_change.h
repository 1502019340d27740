#pragma once
#include <memory>
#include "audience/bind.h"
#include "base/moment.h"
namespace audience {
struct Stretch { base::Moment from; base::Moment to; };
std::shared_ptr<const BoundRule> may_change(const BoundRule& rule, const Stretch& stretch);
}
