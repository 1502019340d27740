// Random lives told to a database through the log and the customers' functions, and what each of
// them must then be.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audience/memory_names.h"
#include "base/random.h"
#include "customer/erase.h"
#include "customer/writing.h"
#include "log/log.h"
#include "random_life.h"
#include "store/database.h"

namespace random_life {

// How a life ends up in the database.
struct Ending {
  std::size_t facts_before_merge = 0;  // the others become known once two are one person
  bool unmerged = false;               // merged, and the merge undone again
  bool erased = false;
  // What an import adds to the customers, to be undone: before or after the merge.
  std::vector<Fact> noise;
  bool noise_after_merge = false;
};

struct Told {
  Life life;
  Ending ending;
  base::CustomerId ids[2];
};

// The people asked for by any of their ids, and who they must be; null: erased.
struct Expected {
  std::vector<base::CustomerId> ids;
  std::unique_ptr<timeline::MemoryHistory> history;
};
std::vector<Expected> expected_of(const Told& told);

// Not thread safe; borrows everything. Fails the test (by exception) when something is refused.
class Teller {
 public:
  Teller(store::Database& database, event_log::Log& log, const audience::MemoryNames& names,
         customer::ErasedHashes& hashes);

  // Declares every name of `names`, saved audiences and models with their rules.
  void declare(base::Moment now, const base::Zone& zone);
  // Called after every unit: for who follows the log while it is being told.
  void set_between(std::function<void()> between) { between_ = std::move(between); }
  // Some lives at once, each with the ids it gets; `lives` and their endings must not be empty.
  std::vector<Told> tell(std::vector<Life> lives, std::vector<Ending> endings);

 private:
  void declare_models(customer::Writing& writing, const base::Zone& zone, base::Moment now);
  template <typename Work>
  void write(base::Moment now, base::BatchId batch, const Work& work);
  void undo(base::BatchId batch, base::Moment now);
  Told numbered(Life life, Ending ending);
  void tell_noise(const std::vector<Told>& people, bool after_merge);

  store::Database& database_;
  event_log::Log& log_;
  const audience::MemoryNames& names_;
  customer::ErasedHashes& hashes_;
  base::SeededRandom random_{17};
  std::function<void()> between_ = [] {};
  std::int64_t last_id_ = 0;
  std::int64_t last_batch_ = 0;
};

}  // namespace random_life
