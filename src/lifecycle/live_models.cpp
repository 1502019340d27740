#include "lifecycle/live_models.h"

#include "lifecycle/state.h"

namespace lifecycle {

std::vector<audience::LiveSubject> LiveModels::subjects(store::Session& session) const {
  const base::Zone zone = zone_of_(session);
  std::vector<audience::LiveSubject> subjects;
  for (BoundModel& bound : bound_models({session, events_, zone})) {
    audience::LiveSubject subject;
    subject.id = {audience::SubjectKind::model, bound.model.id.value};
    subject.name = bound.model.key;
    subject.version = bound.model.version;
    subject.states = {""};
    for (const Stage& stage : bound.model.stages) subject.states.push_back(stage.key);
    subject.rules = std::move(bound.rules);
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

}  // namespace lifecycle
