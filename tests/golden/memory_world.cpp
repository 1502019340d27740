#include <stdexcept>

#include "audience/memory_names.h"
#include "base/value_json.h"
#include "timeline/memory_history.h"
#include "world.h"

namespace golden {
namespace {

using timeline::MembershipKind;
using timeline::MemoryHistory;

class MemoryWorld final : public World {
 public:
  void declare(const Declares& declares, const base::Zone& zone) override {
    names_ = audience::MemoryNames();
    zone_ = zone;
    for (const auto& [name, type] : declares.attributes) names_.declare_attribute(name, type);
    for (const auto& [event, properties] : declares.events) {
      const base::EventTypeId id = names_.declare_event(event);
      for (const auto& [name, type] : properties) names_.declare_property(id, name, type);
    }
    for (const auto& [group, name] : declares.tags) names_.declare_tag(group, name);
  }

  void remember(const Past& past) override { past_ = past; }

  const audience::Names& names() const override { return names_; }

  std::unique_ptr<timeline::History> history() override {
    MemoryHistory::Builder build(base::CustomerId{1});
    if (past_.known_since) build.known_since(moment_in(*past_.known_since));
    for (const PastEvent& event : past_.events) add(build, event);
    for (const PastAttribute& change : past_.attributes) {
      const auto attribute = names_.attribute(change.name).value();
      build.attribute(base::AttributeId{attribute.id}, moment_in(change.since),
                      value_of(attribute.type, change.value));
    }
    for (const PastTag& tag : past_.tags) {
      const base::TagId id = names_.tags(tag.group + "/" + tag.name).at(0);
      build.on({MembershipKind::tag, id.value}, moment_in(tag.since));
      if (tag.until) build.off({MembershipKind::tag, id.value}, moment_in(*tag.until));
    }
    return build.finish();
  }

 private:
  // Nothing: of the wrong type, so unknown.
  std::optional<base::Value> value_of(base::ValueType type, const boost::json::value& raw) const {
    const auto value = base::value_from_json(type, raw, &zone_);
    return value ? std::optional(*value) : std::nullopt;
  }

  void add(MemoryHistory::Builder& build, const PastEvent& event) const {
    const base::EventTypeId type = names_.event(event.name).value();
    auto added = build.event(type, moment_in(event.time));
    for (const auto& [name, raw] : event.properties) {
      if (name == "source") added.source(raw.as_string());  // a field of every event
      const auto property = names_.property(type, name);
      if (!property) continue;
      if (auto value = value_of(property->type, raw)) {
        added.property(base::PropertyId{property->id}, std::move(*value));
      }
    }
  }

  audience::MemoryNames names_;
  base::Zone zone_ = base::Zone::utc();
  Past past_;
};

}  // namespace

std::unique_ptr<World> memory_world() { return std::make_unique<MemoryWorld>(); }

base::Moment moment_in(const std::string& text) {
  const auto written = base::parse_moment(text);
  if (!written) throw std::runtime_error("cases.json: no moment: " + text);
  return base::resolve(*written, base::Zone::utc());
}

}  // namespace golden
