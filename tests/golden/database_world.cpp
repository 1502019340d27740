#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "audience/catalog.h"
#include "base/check.h"
#include "base/random.h"
#include "base/value_json.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "customer/tag.h"
#include "log/log.h"
#include "store/test_database.h"
#include "timeline/sql_histories.h"
#include "world.h"

namespace golden {
namespace {

constexpr base::Moment kNow{1'782'000'000'000};  // 2026-06-21, after most of what the cases tell
constexpr const char* kSource = "csv";

template <typename Value, typename Error>
Value must(base::Result<Value, Error> done) {
  if (!done) throw std::runtime_error(std::string(code_of(done.error().fault)));
  return *std::move(done);
}

// One database for cases that declare the same, one customer (or two, merged) for each of them.
class DatabaseWorld final : public World {
 public:
  explicit DatabaseWorld(const DatabaseWorldOptions& options) : options_(options) {}

  void declare(const Declares& declares, const base::Zone&) override {
    if (names_ && declares == declares_) return;
    names_.reset();
    log_.reset();
    test_database_.emplace(options_.dialect);
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
    declares_ = declares;
    write([&](customer::Writing& writing) { declare_names(writing); });
    names_ = database().read(
        [&](store::Session& session) { return audience::Catalog::of(session, log_->catalog()); });
  }

  void remember(const Past& past) override {
    const base::CustomerId one{++last_id_};
    const base::CustomerId other = options_.merged ? base::CustomerId{++last_id_} : one;
    write([&](customer::Writing& writing) {
      must(customer::create(writing, one, created_at(past)));
      if (options_.merged) must(customer::create(writing, other, created_at(past)));
      std::size_t number = 0;
      for (const PastEvent& event : past.events) {
        append(writing.unit(), number++ % 2 == 0 ? one : other, event);
      }
      number = 0;
      for (const PastAttribute& change : past.attributes) {
        set_attribute(writing, number++ % 2 == 0 ? one : other, change);
      }
      for (const PastTag& tag : past.tags) {
        const auto id = names_->tags(tag.group + "/" + tag.name).at(0);
        must(customer::add_tag(writing, one, id, moment_in(tag.since)));
        if (tag.until) must(customer::remove_tag(writing, one, id, moment_in(*tag.until)));
      }
    });
    if (options_.merged) {
      write([&](customer::Writing& writing) { must(customer::merge(writing, one, other)); });
    }
    asked_ = other;
  }

  const audience::Names& names() const override { return *names_; }

  std::unique_ptr<timeline::History> history() override {
    return timeline::SqlHistories(test_database_->get(), *log_).of(asked_);
  }

 private:
  store::Database& database() { return test_database_->get(); }

  template <typename Work>
  void write(Work&& work) {
    database().write("golden.write", [&](store::Unit& unit) {
      customer::WritingOptions options;
      options.actor = {.kind = rights::ActorKind::system, .name = "golden"};
      options.now = kNow;
      options.source = kSource;
      options.live = false;
      customer::Writing writing(unit, *log_, options);
      work(writing);
    });
  }

  void declare_names(customer::Writing& writing) {
    for (const auto& [name, type] : declares_.attributes) {
      must(customer::declare_attribute(writing, name, type));
    }
    for (const auto& [event, properties] : declares_.events) {
      std::vector<event_log::TypedName> typed;
      for (const auto& [name, type] : properties) {
        if (!event_log::is_reserved_property(name)) typed.push_back({name, type});
      }
      must(log_->catalog().declare(writing.unit(), event, typed));
    }
    for (const auto& [group, name] : declares_.tags) {
      must(customer::declare_tag(writing, group + "/" + name));
    }
  }

  // Absent: the customer is known since the first event, so created then.
  static base::Moment created_at(const Past& past) {
    if (past.known_since) return moment_in(*past.known_since);
    CHECK(!past.events.empty());
    base::Moment first = base::kMomentMax;
    for (const PastEvent& event : past.events) first = std::min(first, moment_in(event.time));
    return first;
  }

  void append(store::Unit& unit, base::CustomerId customer, const PastEvent& event) {
    event_log::Origin origin{.source = kSource, .now = kNow};
    event_log::NewEvent given{customer, event.name, moment_in(event.time), {}, {}, {}};
    for (const auto& [name, value] : event.properties) {
      if (name == "source") {
        origin.source = value.as_string();  // a field of every event
      } else {
        given.properties[name] = value;
      }
    }
    must(log_->append(unit, origin, given));
  }

  void set_attribute(customer::Writing& writing, base::CustomerId customer,
                     const PastAttribute& change) {
    const auto attribute = names_->attribute(change.name).value();
    customer::NewValue given{change.name, {}, {}, moment_in(change.since)};
    if (const auto value = base::value_from_json(attribute.type, change.value, nullptr)) {
      given.value = *value;
    } else {
      given.raw = change.value.is_string() ? std::string(change.value.as_string())
                                           : boost::json::serialize(change.value);
    }
    must(customer::set_attributes(writing, customer, std::span(&given, 1)));
  }

  DatabaseWorldOptions options_;
  base::SystemRandom random_;
  std::optional<store::TestDatabase> test_database_;
  std::unique_ptr<event_log::Log> log_;
  Declares declares_;
  std::shared_ptr<const audience::Catalog> names_;
  std::int64_t last_id_ = 0;
  base::CustomerId asked_;
};

}  // namespace

std::unique_ptr<World> database_world(const DatabaseWorldOptions& options) {
  return std::make_unique<DatabaseWorld>(options);
}

}  // namespace golden
