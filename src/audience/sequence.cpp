#include "audience/sequence.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "audience/event_stream.h"
#include "audience/reach.h"
#include "audience/sequence_keys.h"
#include "base/check.h"

namespace audience {

using base::Duration;
using base::Moment;
using timeline::EventAt;
using timeline::Span;

namespace {

// The sources by key, for the greatest `first` of a key in a range.
class ByKey {
 public:
  ByKey(const std::vector<Source>& sources, std::size_t keys)
      : begins_(keys + 1, 0), places_(sources.size()), greatest_(sources.size()) {
    for (const Source& source : sources) ++begins_[source.key + 1];
    for (std::size_t key = 0; key < keys; ++key) begins_[key + 1] += begins_[key];
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    for (std::size_t place = 0; place < sources.size(); ++place) {
      const std::size_t slot = next[sources[place].key]++;
      places_[slot] = place;
      greatest_.set(slot, sources[place].first + 1);
    }
  }

  std::optional<std::uint32_t> greatest_first(Key key, SourceRange range) const {
    const auto begin = places_.begin() + static_cast<std::ptrdiff_t>(begins_[key]);
    const auto end = places_.begin() + static_cast<std::ptrdiff_t>(begins_[key + 1]);
    const auto low = std::lower_bound(begin, end, range.begin) - places_.begin();
    const auto high = std::lower_bound(begin, end, range.end) - places_.begin();
    const std::uint32_t found =
        greatest_.greatest(static_cast<std::size_t>(low), static_cast<std::size_t>(high));
    return found == 0 ? std::nullopt : std::optional(found - 1);
  }

 private:
  std::vector<std::size_t> begins_;
  std::vector<std::size_t> places_;  // of the sources, key by key
  GreatestOf greatest_;
};

// When what must not happen happened.
class Interruptions {
 public:
  void add(const EventAt& event, ValueNumber value) {
    all_.push_back({event, value});
    by_value_[value].push_back(event);
  }
  struct Entry {
    EventAt event;
    ValueNumber value;
  };
  std::span<const Entry> all() const { return all_; }

  // One after `event`, at a time <= its time + waiting, with this value.
  bool interrupt(const EventAt& event, Duration waiting, ValueNumber value) const {
    const auto found = by_value_.find(value);
    if (found == by_value_.end()) return false;
    const auto next = std::ranges::partition_point(
        found->second, [&](const EventAt& other) { return !comes_after(other, event); });
    return next != found->second.end() && next->time <= event.time + waiting;
  }

 private:
  std::vector<Entry> all_;
  std::unordered_map<ValueNumber, std::vector<EventAt>> by_value_;
};

bool same_subject(const Subject& left, const Subject& right) {
  return left.property == right.property && left.field == right.field;
}

class Sequencer {
 public:
  Sequencer(const Scope& scope, const Sequence& test, Moment from)
      : scope_(scope),
        test_(test),
        from_(from),
        window_(test.window, scope.zone),
        numbers_(scope.zone),
        keys_(0) {
    for (const Then& then : test.then) name_property(then);
    known_properties_ = properties_.size();
    if (test.then_not) {
      name_property(*test.then_not);
      read_interruptions(*test.then_not);
    }
  }

  std::vector<Completion> run() {
    std::vector<Source> sources = read_first();
    // Where keys of any value may take the last step, and each is interrupted by its own events,
    // the latest source of each key is followed instead (finish_by_key).
    const bool by_key = test_.then_not && test_.then_not->same_here && !test_.then.empty() &&
                        !test_.then.back().same_here;
    std::size_t step = 0;
    while (step < test_.then.size()) {
      std::vector<FreeStep> free;
      while (step + 1 < test_.then.size() && !test_.then[step].same_here) {
        free.push_back({events_of(test_.then[step].step), within_of(test_.then[step])});
        ++step;
      }
      if (!by_key) sources = project(std::move(sources), step);
      const bool last = step + 1 == test_.then.size();
      Reach reach(std::move(sources), std::move(free));
      if (by_key && last) return finish_by_key(reach);
      sources = take_step(reach, test_.then[step]);
      ++step;
    }
    return finish(project(std::move(sources), step));
  }

  // One chain by its ends: the latest event reached at every step, with the one before it.
  std::vector<EventAt> chain(const Completion& completion);

 private:
  static std::optional<Duration> within_of(const Then& then) {
    return then.within ? std::optional(then.within->value()) : std::nullopt;
  }

  void name_property(const Then& then) {
    if (!then.same_here) return;
    const bool named = std::ranges::any_of(properties_, [&](const Subject* property) {
      return same_subject(*property, then.same_first);
    });
    if (!named) properties_.push_back(&then.same_first);
  }
  std::size_t place_of(const Subject& subject) const {
    const auto found = std::ranges::find_if(
        properties_, [&](const Subject* property) { return same_subject(*property, subject); });
    CHECK(found != properties_.end());
    return static_cast<std::size_t>(found - properties_.begin());
  }

  // Events inside the window some time that pass the step's filter.
  std::vector<EventAt> events_of(const Step& step) const {
    std::vector<EventAt> events;
    for (const EventAt& event : events_from(scope_, step, window_, from_)) {
      if (event.time > scope_.until) break;
      if (window_.admits(event.time) && passes(scope_, step, event)) events.push_back(event);
    }
    return events;
  }

  // The interruptions need not lie in the window.
  void read_interruptions(const Then& then_not) {
    std::optional<StepValues> values;
    if (then_not.same_here) values.emplace(scope_, then_not.step, *then_not.same_here, numbers_);
    for (const EventAt& event : scope_.history.events(then_not.step.event.id)) {
      if (event.time > scope_.until) break;
      if (!passes(scope_, then_not.step, event)) continue;
      const ValueNumber value = values ? values->of(event) : 0;
      if (values && value == 0) continue;  // counts against nobody
      interruptions_.add(event, value);
    }
  }

  std::vector<Source> read_first() {
    firsts_ = events_of(test_.first);
    keys_ = Keys(properties_.size());
    std::vector<StepValues> values;
    for (const Subject* property : properties_) {
      values.emplace_back(scope_, test_.first, *property, numbers_);
    }
    std::vector<Source> sources;
    sources.reserve(firsts_.size());
    std::vector<ValueNumber> tuple(properties_.size());
    for (std::size_t first = 0; first < firsts_.size(); ++first) {
      for (std::size_t place = 0; place < tuple.size(); ++place) {
        tuple[place] = values[place].of(firsts_[first]);
      }
      const auto known = std::span(tuple).first(known_properties_);
      if (std::ranges::find(known, ValueNumber{0}) != known.end()) continue;
      sources.push_back({firsts_[first], keys_.key_of(tuple), static_cast<std::uint32_t>(first)});
    }
    return sources;
  }

  // Forgets the values that no step from `step` on looks at.
  std::vector<Source> project(std::vector<Source> sources, std::size_t step) {
    std::vector<bool> wanted(properties_.size(), false);
    for (std::size_t later = step; later < test_.then.size(); ++later) {
      if (test_.then[later].same_here) wanted[place_of(test_.then[later].same_first)] = true;
    }
    if (test_.then_not && test_.then_not->same_here) {
      wanted[place_of(test_.then_not->same_first)] = true;
    }
    if (std::ranges::find(wanted, false) == wanted.end()) return sources;
    Keys kept(properties_.size());
    std::vector<ValueNumber> fewer(properties_.size());
    for (Source& source : sources) {
      const auto tuple = keys_.tuple_of(source.key);
      for (std::size_t place = 0; place < fewer.size(); ++place) {
        fewer[place] = wanted[place] ? tuple[place] : 0;
      }
      source.key = kept.key_of(fewer);
    }
    keys_ = std::move(kept);
    return sources;
  }

  // Every event of the step with every key that can take it there.
  std::vector<Source> take_step(Reach& reach, const Then& then) {
    std::vector<Source> taken;
    const ByKey sources(reach.sources(), keys_.size());
    std::optional<StepValues> values;
    std::optional<KeysByValue> by_value;
    std::vector<Key> all;
    if (then.same_here) {
      values.emplace(scope_, then.step, *then.same_here, numbers_);
      by_value.emplace(keys_, place_of(then.same_first));
    } else {
      for (Key key = 0; key < keys_.size(); ++key) all.push_back(key);
    }
    for (const EventAt& event : events_of(then.step)) {
      const ValueNumber value = values ? values->of(event) : 0;
      if (values && value == 0) continue;
      const std::span<const Key> found = by_value ? by_value->with(value) : all;
      if (found.empty()) continue;
      const SourceRange range = reach.reaching(event, within_of(then));
      for (const Key key : found) {
        if (const auto first = sources.greatest_first(key, range)) {
          taken.push_back({event, key, *first});
        }
      }
    }
    return taken;
  }

  Completion completion(const EventAt& first, const EventAt& last) const {
    Moment begin = window_.enters_at(last.time);
    if (test_.then_not) {
      begin = std::max(begin, last.time + within_of(*test_.then_not).value() + base::kMillisecond);
    }
    return {first, last, Span{begin, window_.leaves_at(first.time)}};
  }

  std::vector<Completion> finish(const std::vector<Source>& sources) const {
    const bool keyed = test_.then_not && test_.then_not->same_here;
    const std::size_t place = keyed ? place_of(test_.then_not->same_first) : 0;
    std::vector<Completion> found;
    std::optional<std::uint32_t> latest_first;  // of those already found for this event
    for (const Source& source : sources) {
      const bool same_event = !found.empty() && found.back().last.order == source.event.order;
      if (same_event && latest_first && *latest_first >= source.first) continue;
      if (test_.then_not) {
        const ValueNumber value = keyed ? keys_.tuple_of(source.key)[place] : 0;
        const bool watched = !keyed || value != 0;
        const Duration waiting = within_of(*test_.then_not).value();
        if (watched && interruptions_.interrupt(source.event, waiting, value)) continue;
      }
      if (same_event) found.pop_back();
      latest_first = source.first;
      found.push_back(completion(firsts_[source.first], source.event));
    }
    return found;
  }

  std::vector<Completion> finish_by_key(Reach& reach);

  Scope scope_;
  const Sequence& test_;
  Moment from_;
  EventWindow window_;
  ValueNumbers numbers_;
  std::vector<const Subject*> properties_;  // of the first step; then_not's own comes last
  std::size_t known_properties_ = 0;        // the first of them must be known
  Keys keys_;
  std::vector<EventAt> firsts_;
  Interruptions interruptions_;
};

// The latest source of every key that is not interrupted, as one last event after the other is
// looked at: interruptions come into the waiting time and fall out of it.
class LatestByKey {
 public:
  LatestByKey(const std::vector<Source>& sources, const Keys& keys, std::size_t place)
      : sources_(sources),
        keys_(keys),
        place_(place),
        latest_(keys.size()),
        by_value_(keys, place),
        greatest_(sources.size()) {}

  void come(std::size_t end) {
    for (; come_ < end; ++come_) {
      const Key key = sources_[come_].key;
      if (latest_[key]) greatest_.set(*latest_[key], 0);
      latest_[key] = come_;
      if (interrupted_[keys_.tuple_of(key)[place_]] == 0) show(key);
    }
  }
  void interrupt(ValueNumber value) {
    if (++interrupted_[value] != 1) return;
    for (const Key key : by_value_.with(value)) {
      if (latest_[key]) greatest_.set(*latest_[key], 0);
    }
  }
  void release(ValueNumber value) {
    if (--interrupted_[value] != 0) return;
    for (const Key key : by_value_.with(value)) show(key);
  }
  std::optional<std::uint32_t> greatest_first(SourceRange range) const {
    const std::uint32_t found = greatest_.greatest(range.begin, range.end);
    return found == 0 ? std::nullopt : std::optional(found - 1);
  }

 private:
  void show(Key key) {
    if (latest_[key]) greatest_.set(*latest_[key], sources_[*latest_[key]].first + 1);
  }

  const std::vector<Source>& sources_;
  const Keys& keys_;
  std::size_t place_;
  std::size_t come_ = 0;
  std::vector<std::optional<std::size_t>> latest_;
  KeysByValue by_value_;
  std::unordered_map<ValueNumber, std::int64_t> interrupted_;
  GreatestOf greatest_;
};

std::vector<Completion> Sequencer::finish_by_key(Reach& reach) {
  const Then& last = test_.then.back();
  const Duration waiting = within_of(*test_.then_not).value();
  LatestByKey latest(reach.sources(), keys_, place_of(test_.then_not->same_first));
  const auto interruptions = interruptions_.all();
  std::size_t begun = 0;  // interruptions within the waiting time: [ended, begun)
  std::size_t ended = 0;
  std::vector<Completion> found;
  for (const EventAt& event : events_of(last.step)) {
    const SourceRange range = reach.reaching(event, within_of(last));
    latest.come(range.end);
    for (; begun < interruptions.size() && interruptions[begun].event.time <= event.time + waiting;
         ++begun) {
      latest.interrupt(interruptions[begun].value);
    }
    for (; ended < begun && !comes_after(interruptions[ended].event, event); ++ended) {
      latest.release(interruptions[ended].value);
    }
    if (const auto first = latest.greatest_first(range)) {
      found.push_back(completion(firsts_[*first], event));
    }
  }
  return found;
}

std::vector<EventAt> Sequencer::chain(const Completion& completion) {
  struct Taking {
    EventAt event;
    std::size_t step;  // 0: the first
  };
  std::vector<Taking> takings;
  for (std::size_t step = 0; step < test_.then.size(); ++step) {
    const Then& then = test_.then[step];
    std::optional<StepValues> here;
    ValueNumber wanted = 0;
    if (then.same_here) {
      here.emplace(scope_, then.step, *then.same_here, numbers_);
      StepValues first(scope_, test_.first, then.same_first, numbers_);
      wanted = first.of(completion.first);
    }
    for (const EventAt& event : events_of(then.step)) {
      if (comes_after(event, completion.last)) break;
      if (here && here->of(event) != wanted) continue;
      takings.push_back({event, step + 1});
    }
  }
  // At one event the later step is taken first: it needs another event for the step before.
  std::ranges::sort(takings, [](const Taking& left, const Taking& right) {
    return left.event.order != right.event.order ? left.event.order < right.event.order
                                                 : left.step > right.step;
  });
  std::vector<std::vector<EventAt>> reached(1 + test_.then.size());  // the chain up to each step
  reached[0] = {completion.first};
  for (const Taking& taking : takings) {
    const std::vector<EventAt>& before = reached[taking.step - 1];
    if (before.empty() || !comes_after(taking.event, before.back())) continue;
    const auto within = within_of(test_.then[taking.step - 1]);
    if (within && taking.event.time > before.back().time + *within) continue;
    reached[taking.step] = before;
    reached[taking.step].push_back(taking.event);
  }
  return reached.back();
}

class SequenceStream final : public IntervalStream {
 public:
  SequenceStream(const Scope& scope, const Sequence& test, Moment from)
      : scope_(scope), test_(test), from_(from) {}

  // Nothing is read before it is asked for: an `and` may never come here.
  std::optional<Span> next() override {
    if (!spans_) {
      std::vector<Span> spans;
      for (const Completion& completion : completions(scope_, test_, from_)) {
        spans.push_back(completion.active);
      }
      spans_ = owned(std::move(spans));
    }
    return spans_->next();
  }

 private:
  Scope scope_;
  const Sequence& test_;
  Moment from_;
  Stream spans_;
};

}  // namespace

std::vector<Completion> completions(const Scope& scope, const Sequence& test, Moment from) {
  return Sequencer(scope, test, from).run();
}

std::vector<EventAt> chain_of(const Scope& scope, const Sequence& test,
                              const Completion& completion) {
  return Sequencer(scope, test, base::kMomentMin).chain(completion);
}

Stream stream_of(const Scope& scope, const Sequence& test, Moment from) {
  return std::make_unique<SequenceStream>(scope, test, from);
}

}  // namespace audience
