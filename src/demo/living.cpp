#include "demo/living.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "account/staff.h"
#include "base/calendar.h"
#include "base/check.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "base/value.h"
#include "customer/identity.h"
#include "customer/person.h"
#include "demo/ahead.h"
#include "demo/dice.h"
#include "demo/entry.h"

namespace demo {
namespace {

// distance × by ÷ of: the product may be more than 64 bits hold.
base::Duration scaled(base::Duration distance, base::Duration by, base::Duration of) {
  return {static_cast<std::int64_t>(base::Int128{distance.ms} * by.ms / of.ms)};
}

std::string key_of(std::int64_t number) { return fmt::format("M{:06}", number + 1); }

// One unit's telling.
class Telling {
 public:
  using Done = base::Result<void, std::string>;  // the code of what was refused

  Telling(customer::Writing& writing, const StaffByName& staff)
      : writing_(writing), entry_(writing, staff) {}

  Done tell(const std::vector<Happening>& happenings) {
    for (const Happening& each : happenings) {
      const Life* const life = std::get_if<Life>(&each.what);
      if (life == nullptr) continue;
      const auto made = entry_.person(*life);
      if (!made) return refused(made.error());
    }
    find(happenings);
    for (const Happening& each : happenings) {
      if (!there_.contains(each.number)) continue;
      const auto done = enter(each);
      if (!done) return refused(done.error());
    }
    return {};
  }
  const std::vector<event_log::NewEvent>& events() const { return events_; }

 private:
  static base::unexpected<std::string> refused(const customer::Error& error) {
    return base::unexpected(std::string(customer::code_of(error.fault)));
  }

  // Those who are there and are who they were.
  void find(const std::vector<Happening>& happenings) {
    std::set<std::pair<std::int64_t, std::int64_t>> asked;
    for (const Happening& each : happenings) asked.emplace(each.number, each.customer.value);
    std::vector<std::string> keys;
    for (const auto& [number, id] : asked) keys.push_back(key_of(number));
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    const auto found = customer::find_by_keys(writing_.unit(), views);
    auto answer = found.begin();
    for (const auto& [number, id] : asked) {
      if (*answer && (*answer)->customer.value == id) there_.insert(number);
      ++answer;
    }
  }

  Entry::Done enter(const Happening& each) {
    const base::CustomerId id = each.customer;
    if (const auto* event = std::get_if<event_log::NewEvent>(&each.what)) {
      events_.push_back(*event);
    } else if (const auto* value = std::get_if<customer::NewValue>(&each.what)) {
      return entry_.attributes(id, std::span(value, 1));
    } else if (const auto* tag = std::get_if<TagPut>(&each.what)) {
      return entry_.tag(id, *tag);
    } else if (const auto* consent = std::get_if<Consent>(&each.what)) {
      return entry_.consent(id, *consent);
    } else if (const auto* list = std::get_if<ListJoined>(&each.what)) {
      return entry_.list(id, *list);
    } else if (const auto* change = std::get_if<LookedAfter>(&each.what)) {
      entry_.looked_after(id, *change);
    }
    return {};
  }

  customer::Writing& writing_;
  Entry entry_;
  std::set<std::int64_t> there_;
  std::vector<event_log::NewEvent> events_;
};

StaffByName staff_of(store::Session& session) {
  StaffByName names;
  for (const account::Staff& member : account::staff(session, {})) {
    names.emplace(member.name, member.id);
  }
  return names;
}

// The moment of the clock at which it happened, into everything that carries one.
void set_time(Happening& happening, base::Moment real) {
  if (auto* life = std::get_if<Life>(&happening.what)) life->created_at = real;
  if (auto* event = std::get_if<event_log::NewEvent>(&happening.what)) event->time = real;
  if (auto* value = std::get_if<customer::NewValue>(&happening.what)) value->since = real;
  if (auto* tag = std::get_if<TagPut>(&happening.what)) tag->since = real;
  if (auto* consent = std::get_if<Consent>(&happening.what)) consent->since = real;
  if (auto* list = std::get_if<ListJoined>(&happening.what)) list->since = real;
  if (auto* change = std::get_if<LookedAfter>(&happening.what)) change->since = real;
}

constexpr std::string_view kToldElsewhere = "demo.told_elsewhere";

}  // namespace

Living::Living(store::Database& database, event_log::Log& log, std::int64_t speed)
    : database_(database), log_(log), speed_(speed) {
  CHECK(speed >= 1 && speed <= kSpeedMax);
}

Living::~Living() = default;

base::Moment Living::Course::real_of(base::Moment brand) const {
  if (brand > end.brand) return end.real + base::Duration{(brand - end.brand).ms / speed};
  const base::Duration whole = end.brand - gap.brand;
  if (whole.ms == 0) return end.real;
  const base::Duration real = end.real - gap.real;
  return gap.real + scaled(brand - gap.brand, real, whole);
}

bool Living::is_on_course(base::Moment now) const {
  return begun_ && now - asked_at_ <= kPauseMax && asked_at_ - now <= kBackMax;
}

Living::Course Living::course_from(Lived lived, base::Moment now) const {
  // The brand waits for a clock that is a little behind.
  const bool waits = lived.real > now && lived.real - now <= kBackMax;
  const base::Moment from = waits ? lived.real : now;
  if (lived.real > from) lived.real = from;
  if (from - lived.real > kGapMax) {
    lived.brand = lived.brand + (base::Duration{(from - lived.real).ms - kGapMax.ms});
    lived.real = from - kGapMax;
  }
  base::Moment brand = lived.brand + (from - lived.real);
  const std::int64_t into_day =
      (((brand - from).ms % base::kDay.ms) + base::kDay.ms) % base::kDay.ms;
  if (speed_ == 1 && into_day != 0) brand = brand + base::Duration{base::kDay.ms - into_day};
  return {.gap = lived, .end = {from, brand}, .speed = speed_};
}

bool Living::begin(base::Moment now) {
  const auto [origin_read, lived_read, made] = database_.read([](store::Session& session) {
    return std::tuple(origin(session), lived(session), made_at(session));
  });
  if (!origin_read || !lived_read || !made) return false;
  const auto zone = base::Zone::named(origin_read->zone);
  if (!zone) return false;
  batch_ = Dice(origin_read->seed, kNobody).random().id();
  stored_ = *lived_read;
  course_ = course_from(stored_, now);
  ahead_ = std::make_unique<Ahead>(*origin_read, *zone, Ahead::Begin{*made, course_.gap.brand});
  begun_ = true;
  return true;
}

bool Living::is_live(base::Moment real, base::Moment now) const { return now - real <= kLiveMax; }

std::vector<Happening> Living::take_due(base::Moment now) {
  std::vector<Happening> due;
  bool live = false;
  while (const auto brand = ahead_->next()) {
    const base::Moment real = course_.real_of(*brand);
    if (real > now) break;
    if (due.empty()) live = is_live(real, now);
    // The mark stands between two moments: what happens at one is told at once.
    const bool may_part = !due.empty() && due.back().time != *brand;
    if (may_part && (due.size() >= kToldAtOnce || is_live(real, now) != live)) break;
    due.push_back(ahead_->take());
  }
  return due;
}

std::optional<base::Moment> Living::step(base::Moment now) {
  if (ended_) return std::nullopt;
  if (!is_on_course(now) && !begin(now)) return std::nullopt;
  asked_at_ = now;
  std::vector<Happening> due = take_due(now);
  if (!due.empty()) tell(std::move(due), now);
  if (ended_) return std::nullopt;
  if (!begun_) return now;
  const auto next = ahead_->next();
  if (!next) return std::nullopt;
  return course_.real_of(*next);
}

void Living::tell(std::vector<Happening> happenings, base::Moment now) {
  const base::Moment brand = happenings.back().time;
  const Lived lived{course_.real_of(brand), brand};
  const bool live = is_live(course_.real_of(happenings.front().time), now);
  for (Happening& each : happenings) set_time(each, course_.real_of(each.time));
  // Until it is known to have been told; else it is begun anew from the mark.
  begun_ = false;
  const auto done = database_.write("demo.live", [&](store::Unit& unit) -> Telling::Done {
    if (!mark_lived(unit, stored_, lived)) return base::unexpected(std::string(kToldElsewhere));
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::import, .id = batch_};
    options.now = now;
    options.source = std::string(kSource);
    options.live = live;
    customer::Writing writing(unit, log_, options);
    writing.hold_customers();
    const StaffByName staff = staff_of(unit);
    Telling telling(writing, staff);
    if (auto told = telling.tell(happenings); !told) return told;
    if (telling.events().empty()) return {};
    const auto appended =
        log_.append(unit,
                    {.source = std::string(kSource),
                     .liveness = live ? event_log::Liveness::live : event_log::Liveness::history,
                     .now = now},
                    telling.events());
    if (!appended) return base::unexpected(std::string(event_log::code_of(appended.error().fault)));
    return {};
  });
  begun_ = done.has_value();
  if (begun_) {
    stored_ = lived;
  } else if (done.error() != kToldElsewhere) {
    base::log_warning("the demo stands still from here on: {}", done.error());
    ended_ = true;
  }
}

}  // namespace demo
