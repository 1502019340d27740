// What every part of one evaluation shares. Borrows all of it for the life of the streams made.
#pragma once

#include "audience/bind.h"
#include "timeline/history.h"

namespace audience {

class NestedStreams;  // node_stream.h

struct Scope {
  const BoundRule& rule;
  const timeline::History& history;
  const base::Zone& zone;  // the rule's
  // Streams need not be right after it: what happens later is not looked at.
  base::Moment until = base::kMomentMax;
  // Of nested audiences, looked at only while streams are made; null: every mention by itself.
  NestedStreams* nested = nullptr;
};

}  // namespace audience
