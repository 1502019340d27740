// Lifecycle models as rules see them. Their tables lie above this floor (src/lifecycle), so whoever
// has them implements StageSource, and server or api joins the two.
//
//   Catalog::of(session, events, &stages);   // rules may then say: stage "lifecycle" = "declining"
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/rule.h"
#include "store/database.h"

namespace audience {

struct StageNames {
  StageId id;
  std::string key;
  std::string chinese;  // label
  std::string english;
  std::string tree;  // its rule, as JSON (tree.h)
};
struct ModelNames {
  ModelId id;
  std::string key;
  std::string chinese;
  std::string english;
  std::vector<StageNames> stages;  // at least one, in the order in which they are asked
};

class StageSource {
 public:
  virtual ~StageSource() = default;
  // All of them, by key.
  virtual std::vector<ModelNames> models(store::Session& session) const = 0;
  // Names ("lifecycle/declining") of the stages whose rules name the audience, model or stage;
  // those of the model itself are not among them.
  virtual std::vector<std::string> users_of(store::Session& session, std::int64_t named) const = 0;
};

// Finds them by key or label. Immutable but for add(); any thread.
class StageIndex {
 public:
  void add(const ModelNames& model);

  std::vector<ModelId> models() const;
  std::optional<ModelId> model(std::string_view name) const;
  std::optional<StageId> stage(ModelId model, std::string_view name) const;
  std::optional<ModelId> model_of(StageId stage) const;
  std::vector<StageId> stages_of(ModelId model) const;
  std::vector<std::string> model_names() const;
  std::vector<std::string> stage_names(ModelId model) const;
  std::string key_of(ModelId model) const;  // "" when unknown
  std::string key_of(StageId stage) const;

 private:
  std::vector<ModelNames> models_;
  std::map<ModelId, std::size_t> places_;
  std::map<StageId, std::pair<ModelId, std::string>> stages_;  // with their key
};

}  // namespace audience
