// A saved rule holds ids; this is how it reads today.
#pragma once

#include "audience/bind.h"
#include "audience/rule.h"

namespace audience {

// A copy in which every node with an id carries a name of that id: the one it was written with when
// that still means the same thing, else today's; that of a deleted thing stays as it was written.
// Pure; any thread.
Rule with_todays_names(const Rule& rule, const Names& names);

}  // namespace audience
