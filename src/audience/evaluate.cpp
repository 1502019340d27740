#include "audience/evaluate.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "audience/attribute_stream.h"
#include "audience/event_stream.h"
#include "audience/node_stream.h"
#include "audience/sequence.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using timeline::MembershipKind;
using timeline::Span;

namespace {

Stream membership(const Scope& scope, timeline::MembershipKey key, Moment from) {
  return borrowed(scope.history.membership(key), from);
}

Stream any_membership(const Scope& scope, const Node& node, MembershipKind kind, Moment from) {
  std::vector<Stream> parts;
  for (const std::int64_t id : scope.rule.keys(node)) {
    parts.push_back(membership(scope, {kind, id}, from));
  }
  return union_of(std::move(parts));
}

// One overload per production.
struct StreamOf {
  const Scope& scope;
  const Node& node;
  Moment from;

  Stream operator()(const Everyone&) const { return always(); }
  Stream operator()(const And& all) const { return intersection_of(streams_of(all.parts)); }
  Stream operator()(const Or& any) const { return union_of(streams_of(any.parts)); }
  Stream operator()(const Not& no) const { return complement_of(stream_of(scope, *no.part, from)); }
  Stream operator()(const Held& held) const {
    const base::Duration duration = held.duration.value();
    // Before the customer is known the part counts as false.
    const Moment known = scope.history.known_since();
    const Moment begin = std::max(from - duration, known);
    return held_for(cut_before(stream_of(scope, *held.part, begin), known), duration);
  }
  Stream operator()(const HasTag& test) const {
    return membership(scope, {MembershipKind::tag, test.tag.id.value}, from);
  }
  Stream operator()(const HasAnyTag&) const {
    return any_membership(scope, node, MembershipKind::tag, from);
  }
  Stream operator()(const Consents&) const {
    return any_membership(scope, node, MembershipKind::consent, from);
  }
  Stream operator()(const HasIdentity& test) const {
    return membership(scope, {MembershipKind::identity, test.kind.id.value}, from);
  }
  Stream operator()(const InAudience& test) const {
    if (test.list) return membership(scope, {MembershipKind::list, test.list.value}, from);
    if (scope.nested != nullptr) return scope.nested->of(scope, test.audience.id, from);
    return stream_of(scope, scope.rule.definition(test.audience.id).root, from);
  }
  Stream operator()(const Stage&) const {
    return stream_of(scope, scope.rule.stage(node).tree, from);
  }
  // bind() refuses what no module answers yet.
  Stream operator()(const Relation&) const { base::unreachable(); }
  Stream operator()(const Balance&) const { base::unreachable(); }
  Stream operator()(const Did& test) const { return audience::stream_of(scope, test, from); }
  Stream operator()(const FirstLast& test) const { return audience::stream_of(scope, test, from); }
  Stream operator()(const Sequence& test) const { return audience::stream_of(scope, test, from); }
  template <typename AttributeTest>
  Stream operator()(const AttributeTest& test) const {
    static_assert(requires { test.subject; });
    return attribute_stream(scope, node, from);
  }

 private:
  std::vector<Stream> streams_of(const std::vector<Node>& parts) const {
    std::vector<Stream> streams;
    streams.reserve(parts.size());
    for (const Node& part : parts) streams.push_back(stream_of(scope, part, from));
    return streams;
  }
};

// Streams end at the horizon: what would begin there never comes, what would end there never does.
class HorizonStream final : public IntervalStream {
 public:
  explicit HorizonStream(Stream part) : part_(std::move(part)) {}
  std::optional<Span> next() override {
    const auto span = part_->next();
    if (!span || span->from >= kHorizon) return std::nullopt;
    return Span{span->from, span->to >= kHorizon ? base::kMomentMax : span->to};
  }

 private:
  Stream part_;
};

}  // namespace

Stream stream_of(const Scope& scope, const Node& node, Moment from) {
  return std::visit(StreamOf{scope, node, from}, node.form);
}

Stream NestedStreams::of(const Scope& scope, base::AudienceId audience, Moment from) {
  const std::pair key(audience, from);
  auto found = made_.find(key);
  if (found == made_.end()) {
    Stream stream = stream_of(scope, scope.rule.definition(audience).root, from);
    found = made_.emplace(key, std::make_shared<SharedSpans>(std::move(stream))).first;
  }
  return reading_of(found->second);
}

std::unique_ptr<IntervalStream> intervals(const BoundRule& rule, const timeline::History& history,
                                          Moment from) {
  if (rule.matches_nobody()) return never();
  NestedStreams nested;
  const Scope scope{rule, history, rule.zone(), base::kMomentMax, &nested};
  const Moment begin = std::max(from, history.known_since());
  return std::make_unique<HorizonStream>(
      cut_before(stream_of(scope, rule.rule().root, begin), begin));
}

bool holds_at(const BoundRule& rule, const timeline::History& history, Moment at) {
  if (at < history.known_since() || at >= kHorizon || rule.matches_nobody()) return false;
  NestedStreams nested;
  const Scope scope{rule, history, rule.zone(), at, &nested};
  return holds_in(*stream_of(scope, rule.rule().root, at), at);
}

Standing standing_in(IntervalStream& stream, Moment at) {
  Standing standing;
  while (const auto span = stream.next()) {
    if (span->to <= at) {
      standing.since = span->to;
      continue;
    }
    standing.answer = span->from <= at;
    if (standing.answer) standing.since = span->from;
    const Moment change = standing.answer ? span->to : span->from;
    if (change < kHorizon) standing.next_change = change;
    break;
  }
  return standing;
}

Standing standing_at(const BoundRule& rule, const timeline::History& history, Moment at) {
  return standing_in(*intervals(rule, history, base::kMomentMin), at);
}

}  // namespace audience
