#include <algorithm>

#include "audience/everyone.h"
#include "audience/live_engine_impl.h"
#include "audience/may_change.h"
#include "base/check.h"

namespace audience {

using base::CustomerId;
using base::Moment;

// The next hour of every subject, in good time.
void LiveEngine::Impl::look_ahead(Moment now) {
  for (const auto& subject : slots_) {
    if (!subject || subject->is_looking || subject->waiting > 0) continue;
    if (now + base::Duration{kLiveAhead.ms / 2} < subject->looked_until) continue;
    if (asked_.contains(subject->subject->id)) continue;
    Job job{subject->subject,      subject->meaning, Job::Kind::soon, 0,
            subject->looked_until, now + kLiveAhead};
    // From here on whoever is evaluated is waited for up to there.
    subject->looked_until = job.until;
    subject->is_looking = true;
    const std::scoped_lock lock(jobs_mutex_);
    jobs_.push_back(std::move(job));
    jobs_changed_.notify_all();
  }
}

// What a run has changed since it was stored.
void LiveEngine::Impl::look_at_runs(Moment now) {
  if (means_.fitted == nullptr || means_.fitted->version() == fitted_seen_) return;
  fitted_seen_ = means_.fitted->version();
  Moment newest = base::kMomentMin;
  for (const auto family : {timeline::FittedFamily::value, timeline::FittedFamily::rfm}) {
    const auto runs = means_.fitted->runs(family);
    if (!runs.empty()) newest = std::max(newest, runs.front().moment);
  }
  for (const auto& subject : slots_) {
    if (!subject || !subject->is_fitted || subject->fitted_until >= newest) continue;
    const std::scoped_lock lock(jobs_mutex_);
    jobs_.push_back(
        {subject->subject, subject->meaning, Job::Kind::again, 0, subject->fitted_until, now});
    subject->fitted_until = newest;
    jobs_changed_.notify_all();
  }
}

void LiveEngine::Impl::wait_for_jobs(const std::stop_token& stop, base::Duration patience) {
  std::unique_lock lock(jobs_mutex_);
  jobs_changed_.wait_for(lock, stop, std::chrono::milliseconds(patience.ms),
                         [&] { return !jobs_.empty(); });
}

bool LiveEngine::Impl::compute(const std::stop_token& stop) {
  Job job;
  {
    const std::scoped_lock lock(jobs_mutex_);
    if (jobs_.empty()) return false;
    job = std::move(jobs_.front());
    jobs_.pop_front();
  }
  auto result = ask(job, stop);
  const std::scoped_lock lock(jobs_mutex_);
  if (result) {
    results_.push_back(std::move(*result));
  } else {
    jobs_.push_front(std::move(job));  // told to stop
  }
  return true;
}

namespace {

std::vector<CustomerId> persons_in(const timeline::Pin& pin,
                                   const std::vector<timeline::RowMask>& rows) {
  std::vector<CustomerId> persons;
  for (std::size_t block = 0; block < rows.size(); ++block) {
    rows[block].each([&](std::size_t row) { persons.push_back(pin.person(block, row)); });
  }
  return persons;
}

}  // namespace

std::optional<LiveEngine::Impl::Result> LiveEngine::Impl::ask(const Job& job,
                                                              const std::stop_token& stop) {
  const timeline::Pin pin = means_.memory.pin();
  const rights::Viewer everybody = rights::Viewer::system("live");
  Result result{job, pin.position(), {}, {}};
  std::vector<timeline::RowMask> taken(pin.blocks());
  std::vector<timeline::RowMask> may_change(pin.blocks());
  const double parts = static_cast<double>(job.subject->rules.size()) * 2;
  double done = 0;
  const auto asked = [&](const BoundRule& rule, Moment at) {
    const std::scoped_lock lock(jobs_mutex_);
    if (job.kind == Job::Kind::whole) progress_[job.subject->id] = done++ / parts;
    return Question{.rule = rule, .at = at, .viewer = everybody, .stop = stop};
  };
  for (const auto& rule : job.subject->rules) {
    if (job.kind != Job::Kind::soon) {
      const Moment at = job.kind == Job::Kind::whole ? job.from : job.until;
      auto rows = matching_rows(pin, asked(*rule, at), means_.pool);
      if (!rows) return std::nullopt;
      for (std::size_t block = 0; block < rows->size(); ++block) {
        (*rows)[block] -= taken[block];
        taken[block] |= (*rows)[block];
      }
      result.in_state.push_back(persons_in(pin, *rows));
    }
    if (job.kind == Job::Kind::again) continue;
    const auto others = audience::may_change(*rule, {job.from, job.until});
    if (!others) continue;
    const auto rows = matching_rows(pin, asked(*others, job.until), means_.pool);
    if (!rows) return std::nullopt;
    for (std::size_t block = 0; block < rows->size(); ++block) may_change[block] |= (*rows)[block];
  }
  result.may_change = persons_in(pin, may_change);
  return result;
}

void LiveEngine::Impl::take_results(Moment now) {
  for (;;) {
    std::optional<Result> result;
    {
      const std::scoped_lock lock(jobs_mutex_);
      if (results_.empty()) return;
      result = std::move(results_.front());
      results_.pop_front();
    }
    const SubjectId id = result->job.subject->id;
    if (result->job.kind == Job::Kind::whole) {
      const auto asked = asked_.find(id);
      if (asked == asked_.end() || asked->second != result->job.meaning) continue;  // changed since
      install(std::move(*result), now);
      continue;
    }
    const auto slot = slot_of(id);
    if (!slot || slots_[*slot]->meaning != result->job.meaning) continue;
    if (result->job.kind == Job::Kind::again) {
      look_at_differences(*slot, *result);
      continue;
    }
    Subject& subject = *slots_[*slot];
    subject.is_looking = false;
    for (const CustomerId person : result->may_change) wait_for(*slot, person, result->job.from);
    wait_for_ahead(*slot, result->job);
    const std::unique_lock lock(states_mutex_);
    if (subject.waiting == 0) subject.valid_until = subject.looked_until;
  }
}

// Whoever was found in another state than they are in is looked at since the job's beginning.
void LiveEngine::Impl::look_at_differences(Slot slot, const Result& result) {
  const Subject& subject = *slots_[slot];
  LiveStates found(subject.subject->states.size());
  std::vector<CustomerId> others;
  {
    const std::unique_lock lock(states_mutex_);
    for (std::size_t rule = 0; rule < result.in_state.size(); ++rule) {
      for (const CustomerId person : result.in_state[rule]) {
        const PersonNumber number = people_.number_of(person);
        found.set(number, static_cast<State>(rule + 1));
        if (subject.states.at(number) != rule + 1) others.push_back(person);
      }
    }
    for (State state = 1; state < subject.subject->states.size(); ++state) {
      subject.states.each(state, [&](PersonNumber number) {
        if (found.at(number) == 0) others.push_back(people_.person(number));
      });
    }
  }
  for (const CustomerId person : others) wait_for(slot, person, result.job.from);
}

void LiveEngine::Impl::wait_for(Slot slot, CustomerId person, Moment from) {
  const std::unique_lock lock(states_mutex_);
  waiting_.push_back({slot, people_.number_of(person), from, true});
  ++slots_[slot]->waiting;
}

// Those with something that lies ahead may be in another state before it comes.
void LiveEngine::Impl::wait_for_ahead(Slot slot, const Job& job) {
  const auto end = ahead_.upper_bound(job.until);
  for (auto entry = ahead_.begin(); entry != end; ++entry) {
    for (const CustomerId person : entry->second) wait_for(slot, person, job.from);
  }
}

// Between two steps: the subject is what was asked from here on. What has come since the question
// is looked at as if it came now.
void LiveEngine::Impl::install(Result result, Moment now) {
  const Job& job = result.job;
  std::optional<Slot> slot = slot_of(job.subject->id);
  // Asked again as it was: what was recorded meanwhile is recorded.
  const bool is_same = slot && slots_[*slot]->meaning == job.meaning;
  auto fresh =
      std::make_unique<Subject>(Subject{job.subject,
                                        job.meaning,
                                        {result.position, job.from, is_same ? job.record : record_},
                                        now,
                                        LiveStates(job.subject->states.size())});
  fresh->looked_until = job.until;
  fresh->valid_until = job.from;
  fresh->fitted_until = job.from;
  {
    const std::unique_lock lock(states_mutex_);
    for (std::size_t rule = 0; rule < result.in_state.size(); ++rule) {
      for (const CustomerId person : result.in_state[rule]) {
        if (gone_since_asked_.contains(person)) continue;
        fresh->states.set(people_.number_of(person), static_cast<State>(rule + 1));
      }
    }
    if (slot) {
      due_.clear(*slot);
      std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.slot == *slot; });
      fresh->evaluations = slots_[*slot]->evaluations;
      fresh->nanoseconds = slots_[*slot]->nanoseconds;
      fresh->recorded = slots_[*slot]->recorded;
    } else {
      const auto free = std::ranges::find_if(slots_, [](const auto& one) { return !one; });
      slot = static_cast<Slot>(free - slots_.begin());
      if (free == slots_.end()) slots_.emplace_back();
    }
    slots_[*slot] = std::move(fresh);
  }
  asked_.erase(job.subject->id);
  for (const CustomerId person : result.may_change) wait_for(*slot, person, job.from);
  wait_for_ahead(*slot, job);
  std::unique_lock lock(states_mutex_);
  for (const auto& [person, touched] : since_asked_) {
    waiting_.push_back({*slot, person, std::min(touched.from, job.from), touched.is_live});
    ++slots_[*slot]->waiting;
  }
  if (asked_.empty()) {
    since_asked_.clear();
    gone_since_asked_.clear();
  }
  if (slots_[*slot]->waiting == 0) slots_[*slot]->valid_until = job.until;
  lock.unlock();
  {
    const std::scoped_lock jobs(jobs_mutex_);
    progress_.erase(job.subject->id);
  }
  make_index();
  checkpoint(now);
}

LivePoint LiveEngine::Impl::point() const {
  const std::shared_lock lock(states_mutex_);
  return point_;
}

std::optional<LivePeopleList> LiveEngine::Impl::members(SubjectId id, const Wanted& wanted) const {
  std::shared_lock lock(states_mutex_);
  const auto slot_now = [&]() -> std::optional<Slot> {
    const auto slot = slot_of(id);
    if (!slot || is_behind_ || point_.position < wanted.at_least) return std::nullopt;
    const Subject& subject = *slots_[*slot];
    if (!wanted.meaning.empty() && subject.meaning != wanted.meaning) return std::nullopt;
    const bool is_due = next_due_ && *next_due_ <= wanted.now && point_.moment < wanted.now;
    if (is_due || subject.waiting > 0 || subject.valid_until < wanted.now) return std::nullopt;
    return slot;
  };
  const auto patience = std::chrono::milliseconds(wanted.patience.ms);
  if (!stepped_.wait_for(lock, patience, [&] { return slot_now().has_value(); })) return {};
  const Subject& subject = *slots_[*slot_now()];
  LivePeopleList list{point_, {}};
  CHECK(wanted.state > 0 && wanted.state < subject.subject->states.size());
  list.persons.reserve(static_cast<std::size_t>(subject.states.counts()[wanted.state]));
  subject.states.each(wanted.state,
                      [&](PersonNumber number) { list.persons.push_back(people_.person(number)); });
  return list;
}

std::vector<LiveFigures> LiveEngine::Impl::figures() const {
  std::vector<LiveFigures> all;
  const std::shared_lock lock(states_mutex_);
  const std::vector<std::int64_t> due = due_.counts(slots_.size());
  for (Slot slot = 0; slot < slots_.size(); ++slot) {
    const auto& subject = slots_[slot];
    if (!subject) continue;
    const LiveSubject& what = *subject->subject;
    LiveFigures figures;
    figures.id = what.id;
    figures.name = what.name;
    figures.version = what.version;
    figures.phase = LivePhase::live;
    figures.progress = 1;
    figures.in_state.assign(subject->states.counts().begin(), subject->states.counts().end());
    figures.bytes = subject->states.bytes();
    figures.evaluations = subject->evaluations;
    figures.nanoseconds = subject->nanoseconds;
    figures.recorded = subject->recorded;
    figures.due_soon = due[slot];
    figures.switched_at = subject->switched_at;
    figures.base = subject->base;
    all.push_back(std::move(figures));
  }
  const std::scoped_lock jobs(jobs_mutex_);
  for (const auto& [id, progress] : progress_) {
    const auto same = std::ranges::find(all, id, &LiveFigures::id);
    if (same != all.end()) {
      same->phase = LivePhase::computing;
      same->progress = progress;
    } else {
      LiveFigures figures;
      figures.id = id;
      figures.progress = progress;
      all.push_back(std::move(figures));
    }
  }
  return all;
}

std::map<SubjectId, std::vector<std::int64_t>> LiveEngine::Impl::in_state_of(
    std::span<const base::CustomerId> persons) const {
  const std::shared_lock lock(states_mutex_);
  std::vector<PersonNumber> numbers;
  for (const base::CustomerId person : persons) {
    if (const auto number = people_.find(person)) numbers.push_back(*number);
  }
  std::map<SubjectId, std::vector<std::int64_t>> counts;
  for (const auto& subject : slots_) {
    if (!subject) continue;
    std::vector<std::int64_t>& of = counts[subject->subject->id];
    of.assign(subject->states.counts().size(), 0);
    for (const PersonNumber number : numbers) {
      if (const State state = subject->states.at(number); state != 0) ++of[state];
    }
  }
  return counts;
}

LiveEngine::Memory LiveEngine::Impl::memory() const {
  const std::shared_lock lock(states_mutex_);
  Memory memory{people_.bytes(), 0, due_.bytes(), people_.count()};
  for (const auto& subject : slots_) {
    if (subject) memory.states += subject->states.bytes();
  }
  return memory;
}

}  // namespace audience
