#include "audience/live_audiences.h"

#include "audience/bind.h"
#include "audience/catalog.h"
#include "audience/live_sql.h"
#include "audience/tree.h"
#include "base/diagnostics.h"

namespace audience {

std::vector<LiveSubject> LiveAudiences::subjects(store::Session& session) const {
  const std::shared_ptr<const Catalog> names = Catalog::of(session, events_, stages_);
  const base::Zone zone = zone_of_(session);
  BindOptions options;
  options.zone = &zone;
  std::vector<LiveSubject> subjects;
  session.query(sql::kLiveAudiences, {}, [&](const store::Row& row) {
    const auto tree = from_tree_text(row.text(3));
    if (!tree) return;
    const auto rule = bind(*tree, *names, options);
    if (!rule || (*rule)->matches_nobody()) {
      base::log_warning("audience {} is not kept live: its rule names what is no more",
                        row.integer(0));
      return;
    }
    LiveSubject subject;
    subject.id = {SubjectKind::audience, row.integer(0)};
    subject.name = row.text(1);
    subject.version = row.integer(2);
    subject.states = {"out", "in"};
    subject.rules = {*rule};
    subjects.push_back(std::move(subject));
  });
  return subjects;
}

}  // namespace audience
