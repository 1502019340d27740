// What is kept live: a saved audience, or a lifecycle model, as rules in the order of matching.
//
// Whoever has such things (saved audiences here, models in lifecycle/) says which are to be live;
// the engine (live_engine.h) asks again whenever something was changed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/bind.h"
#include "audience/mentions.h"
#include "audience/state.h"
#include "base/id.h"
#include "store/database.h"
#include "timeline/change.h"

namespace audience {

inline constexpr std::size_t kLiveSubjectsMax = 1000;

enum class SubjectKind : std::uint8_t { audience, model };
std::string_view name_of(SubjectKind kind);  // "audience", "model"

struct SubjectId {
  SubjectKind kind = SubjectKind::audience;
  std::int64_t id = 0;
  friend constexpr auto operator<=>(const SubjectId&, const SubjectId&) = default;
};

struct LiveSubject {
  SubjectId id;
  std::string name;          // of the audience; the model's key
  std::int64_t version = 1;  // of its rule
  // What states are called in records: "out" and "in"; "" and the stages' keys.
  std::vector<std::string> states;
  std::vector<std::shared_ptr<const BoundRule>> rules;  // one less
};

class LiveSource {
 public:
  virtual ~LiveSource() = default;
  // All that are to be live now. Those whose rule cannot be bound any more are left out.
  virtual std::vector<LiveSubject> subjects(store::Session& session) const = 0;
};

// Two rules of the same meaning mean the same for everybody at every moment: names are ids, nested
// definitions and the tags of groups are told apart. A hash, so that it can be stored.
std::string meaning_of(const LiveSubject& subject);

// What concerns which subject: their numbers by what their rules mention.
class LiveIndex {
 public:
  using Slot = std::uint32_t;

  void add(Slot slot, const LiveSubject& subject);
  // Subjects that mention events of this name; of a change, what it changes.
  const std::vector<Slot>& of(base::EventTypeId event) const;
  const std::vector<Slot>& of(const timeline::Change& change) const;

 private:
  std::unordered_map<base::EventTypeId, std::vector<Slot>> events_;
  std::unordered_map<base::AttributeId, std::vector<Slot>> attributes_;
  std::map<timeline::MembershipKey, std::vector<Slot>> memberships_;
};

}  // namespace audience
