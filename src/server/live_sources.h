// What is kept live, from all who have such things. Threads: any; borrows them.
#pragma once

#include <iterator>
#include <utility>
#include <vector>

#include "audience/live_subject.h"

namespace server {

class LiveSources final : public audience::LiveSource {
 public:
  explicit LiveSources(std::vector<const audience::LiveSource*> sources)
      : sources_(std::move(sources)) {}

  std::vector<audience::LiveSubject> subjects(store::Session& session) const override {
    std::vector<audience::LiveSubject> all;
    for (const audience::LiveSource* source : sources_) {
      auto some = source->subjects(session);
      std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
  }

 private:
  std::vector<const audience::LiveSource*> sources_;
};

}  // namespace server
