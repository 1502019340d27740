// A workspace in which golden cases are asked: in memory, or in a database.
#pragma once

#include <memory>
#include <string>

#include "audience/bind.h"
#include "base/calendar.h"
#include "cases.h"
#include "timeline/history.h"

namespace golden {

class World {
 public:
  virtual ~World() = default;

  // A new workspace that knows these names and nobody.
  virtual void declare(const Declares& declares, const base::Zone& zone) = 0;
  // The one customer, after declare(): loaded as if from a file.
  virtual void remember(const Past& past) = 0;

  virtual const audience::Names& names() const = 0;
  virtual std::unique_ptr<timeline::History> history() const = 0;
};

std::unique_ptr<World> memory_world();

// Moments as the cases write them: with an offset, to the millisecond.
base::Moment moment_in(const std::string& text);

}  // namespace golden
