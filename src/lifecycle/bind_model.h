// The rules of a model that is about to be: looked at with the names as they will be. For the
// module alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audience/bind.h"
#include "audience/catalog.h"
#include "lifecycle/model.h"

namespace lifecycle {

// Today's models with one in place of the one of its id, or beside them. Borrows `today`.
class EditedStages final : public audience::StageSource {
 public:
  EditedStages(const audience::StageSource& today, audience::ModelNames edited)
      : today_(today), edited_(std::move(edited)) {}
  std::vector<audience::ModelNames> models(store::Session& session) const override;
  std::vector<std::string> users_of(store::Session& session, std::int64_t named) const override {
    return today_.users_of(session, named);
  }

 private:
  const audience::StageSource& today_;
  audience::ModelNames edited_;
};

// A model's names with the rules as they are given. Errors: rule_refused, with the stage.
[[nodiscard]] base::Result<audience::ModelNames, Error> names_of(
    ModelId model, const NewModel& given, const std::vector<StageId>& stages);

// Each stage's rule as that of a saved one, in their order. `names` has them by `stages`. Errors:
// rule_refused, with the stage.
[[nodiscard]] base::Result<std::vector<std::shared_ptr<const audience::BoundRule>>, Error>
bind_stages(const audience::Catalog& names, const base::Zone& zone,
            const std::vector<GivenStage>& given, const std::vector<StageId>& stages);

}  // namespace lifecycle
