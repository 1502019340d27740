// A workspace in which golden cases are asked: in memory, or in a database.
#pragma once

#include <memory>
#include <string>

#include "audience/bind.h"
#include "base/calendar.h"
#include "cases.h"
#include "store/database.h"
#include "timeline/history.h"

namespace golden {

class World {
 public:
  virtual ~World() = default;

  // A workspace that knows these names and no others; asked again for the same, it may be the same.
  virtual void declare(const Declares& declares, const base::Zone& zone) = 0;
  // A new customer, after declare(): loaded as if from a file. history() is theirs.
  virtual void remember(const Past& past) = 0;

  virtual const audience::Names& names() const = 0;
  virtual std::unique_ptr<timeline::History> history() = 0;
};

std::unique_ptr<World> memory_world();

// Names declared through the catalogs, the past written through log and customer, the history read
// by SqlHistories. `merged`: the past lies on two customers that are merged afterwards.
struct DatabaseWorldOptions {
  store::Dialect dialect = store::Dialect::sqlite;
  bool merged = false;
};
std::unique_ptr<World> database_world(const DatabaseWorldOptions& options);

// Moments as the cases write them: with an offset, to the millisecond.
base::Moment moment_in(const std::string& text);

}  // namespace golden
