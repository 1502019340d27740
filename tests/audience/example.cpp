#include "audience/example.h"

#include "audience/evaluate.h"
#include "audience/parse.h"
#include "base/check.h"

namespace audience {

using timeline::MemoryHistory;

Example::Example(std::string_view zone_name) : zone(base::Zone::named(zone_name).value()) {}

void Example::event_type(std::string_view name,
                         const std::vector<std::pair<std::string, base::ValueType>>& properties) {
  const base::EventTypeId id = names.declare_event(name);
  for (const auto& [property, type] : properties) names.declare_property(id, property, type);
}

void Example::known_since(std::string_view text) {
  told_.push_back([at = moment(text)](MemoryHistory::Builder& build) { build.known_since(at); });
  history_.reset();
}

void Example::did(std::string_view event, std::string_view text, const Texts& properties) {
  const base::EventTypeId type = names.event(event).value();
  std::vector<std::pair<base::PropertyId, base::Value>> values;
  std::string source;
  for (const auto& [name, value] : properties) {
    if (name == "source") {
      source = value;
      continue;
    }
    const auto property = names.property(type, name).value();
    values.emplace_back(base::PropertyId{property.id},
                        base::parse_value(property.type, value, &zone).value());
  }
  told_.push_back([type, at = moment(text), values, source](MemoryHistory::Builder& build) {
    auto added = build.event(type, at);
    for (const auto& [id, value] : values) added.property(id, value);
    added.source(source);
  });
  history_.reset();
}

void Example::attribute(std::string_view name, std::string_view since,
                        std::optional<std::string_view> value) {
  const auto attribute = names.attribute(name).value();
  std::optional<base::Value> read;
  if (value) read = base::parse_value(attribute.type, *value, &zone).value();
  told_.push_back([id = base::AttributeId{attribute.id}, at = moment(since),
                   read](MemoryHistory::Builder& build) { build.attribute(id, at, read); });
  history_.reset();
}

void Example::on(timeline::MembershipKey key, std::string_view since) {
  told_.push_back([key, at = moment(since)](MemoryHistory::Builder& build) { build.on(key, at); });
  history_.reset();
}

void Example::off(timeline::MembershipKey key, std::string_view since) {
  told_.push_back([key, at = moment(since)](MemoryHistory::Builder& build) { build.off(key, at); });
  history_.reset();
}

void Example::tag_on(std::string_view tag, std::string_view since) {
  on({timeline::MembershipKind::tag, names.tags(tag).at(0).value}, since);
}

void Example::tag_off(std::string_view tag, std::string_view since) {
  off({timeline::MembershipKind::tag, names.tags(tag).at(0).value}, since);
}

base::Moment Example::moment(std::string_view text) const {
  const auto written = base::parse_moment(text);
  CHECK(written.has_value());
  return base::resolve(*written, zone);
}

std::string Example::text_of(base::Moment moment) const {
  if (moment == base::kMomentMin) return "always";
  if (moment == base::kMomentMax) return "never";
  std::string text = base::to_iso8601(moment, zone);  // 2026-01-10T08:00:00.000+08:00
  text.resize(text.find('T') + std::string_view("T08:00:00.000").size());
  if (text.ends_with(":00.000")) text.resize(text.size() - 7);
  return text;
}

std::shared_ptr<const BoundRule> Example::bound(std::string_view text) const {
  const auto rule = parse(text);
  CHECK(rule.has_value());
  BindOptions options;
  options.zone = &zone;
  auto done = bind(*rule, names, options);
  CHECK(done.has_value());
  return *done;
}

const timeline::History& Example::history() {
  if (!history_) {
    MemoryHistory::Builder build(base::CustomerId{1});
    for (const auto& tell : told_) tell(build);
    history_ = build.finish();
  }
  return *history_;
}

std::string Example::spans(std::string_view text) {
  const auto rule = bound(text);
  const auto stream = intervals(*rule, history(), base::kMomentMin);
  std::string found;
  while (const auto span = stream->next()) {
    found += (found.empty() ? "" : ", ") + text_of(span->from) + " " + text_of(span->to);
  }
  return found;
}

std::string Example::standing(std::string_view text, std::string_view at) {
  const Standing standing = standing_at(*bound(text), history(), moment(at));
  return std::string(standing.answer ? "true" : "false") + " since " + text_of(standing.since) +
         " until " + text_of(standing.next_change.value_or(base::kMomentMax));
}

}  // namespace audience
