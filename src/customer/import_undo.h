// Taking an import back from the customers: what the log asks the followers of a batch
// (log/batch.h).
//
// - attributes, tags, lists, consents whose current row the import wrote fall back to the last
//   change that is left in history, or to nothing;
// - merges it caused are undone;
// - identities and customers it made go, if nothing else stands on them: a customer that others
//   have written to since, or that is merged by hand, stays with its identities, until the last
//   import that has kept it so is taken back too.
// What others have changed since is not touched and is listed by built_upon. No events are
// appended: history without the batch says all of it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "customer/writing.h"
#include "log/batch.h"

namespace customer {

// Borrows the log. Any thread.
class ImportUndo final : public event_log::BatchFollower {
 public:
  ImportUndo(event_log::Log& log, WritingOptions options)
      : log_(log), options_(std::move(options)) {}

  // Kinds "attribute", "tag", "list", "consent"; `name` is the attribute's or tag's, never a value.
  // And "customer", without a name: one the batch made, to whom others have written since.
  std::vector<base::EventTypeId> types(store::Session& session) const override;
  std::vector<event_log::BuiltUpon> built_upon(store::Session& session,
                                               const event_log::BatchPart& part) const override;
  void take_back(store::Unit& unit, const event_log::BatchPart& part) override;

 private:
  event_log::Log& log_;
  WritingOptions options_;
};

}  // namespace customer
