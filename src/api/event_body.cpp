#include "api/event_body.h"

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <unordered_map>

#include "api/call.h"
#include "api/fault.h"
#include "base/json.h"
#include "base/json_cursor.h"
#include "base/text.h"
#include "base/value_json.h"
#include "intake/event_row.h"
#include "log/log.h"
#include "log/plain_events.h"

namespace api {
namespace {

namespace json = boost::json;

constexpr std::size_t kEventsMax = event_log::kAppendEventsMax;
// What is left of a key of the log for the sender's words, beside who the sender is.
constexpr std::size_t kGivenKeyBytesMax = event_log::kKeyBytesMax - 50;

struct NewEvent {
  std::string customer;
  std::string event;
  std::optional<json::value> time;
  std::optional<json::object> properties;
  std::optional<std::string> key;
};
BOOST_DESCRIBE_STRUCT(NewEvent, (), (customer, event, time, properties, key))

struct EventBatch {
  std::vector<NewEvent> events;
  std::optional<std::string> source;
  std::optional<std::string> mode;
  std::optional<std::string> key;
};
BOOST_DESCRIBE_STRUCT(EventBatch, (), (events, source, mode, key))

bool is_given_key(std::string_view given) {
  return !given.empty() && given.size() <= kGivenKeyBytesMax;
}

// --- as a tree

base::Moment time_of(const EventBodyMeans& means, const NewEvent& event, const std::string& path) {
  if (!event.time) return means.now;
  if (event.time->is_string()) {
    return resolve(written_moment(std::string_view(event.time->get_string()), path), means.zone);
  }
  const auto value = base::value_from_json(base::ValueType::time, *event.time, nullptr);
  if (!value) throw Refusal(base::code_of(value.error()), {{"path", path}});
  return std::get<base::Moment>(*value);
}

// What the product writes about tags, attributes and the like is told by its `ref`: nobody else's
// event may look like it.
constexpr std::string_view kOwnRecordMark = "ref";

void refuse_own_record(const NewEvent& event, const std::string& path) {
  const bool is_marked = event.properties && event.properties->contains(kOwnRecordMark);
  if (is_marked && intake::is_own_record(event.event)) {
    throw Refusal("intake.record_of_the_product", {{"path", path}});
  }
}

// What the log is given, but for the customers, who are found inside the unit.
std::vector<event_log::NewEvent> to_log(const EventBodyMeans& means, EventBatch& body) {
  std::vector<event_log::NewEvent> events;
  events.reserve(body.events.size());
  for (std::size_t i = 0; i < body.events.size(); ++i) {
    NewEvent& given = body.events[i];
    const std::string path = "/events/" + std::to_string(i);
    refuse_own_record(given, path);
    event_log::NewEvent event;
    event.time = time_of(means, given, path + "/time");
    if (given.key) event.key = key_of(means.sender, Keyed::event, *given.key, path + "/key");
    event.name = std::move(given.event);
    if (given.properties) event.properties = std::move(*given.properties);
    events.push_back(std::move(event));
  }
  return events;
}

// --- plain

// Lives inside one call, and so do its views.
class PlainBody {
 public:
  explicit PlainBody(const EventBodyMeans& means)
      : means_(means), cursor_(means.text), events_(means.types, means.now) {}

  std::optional<EventBody> run() {
    const bool is_read = read_object([&](std::string_view name) { return read_member(name); });
    if (!is_read || !cursor_.at_end() || events_.size() == 0) return std::nullopt;
    means_.check(body_.origin);
    body_.events = events_.take();
    return std::move(body_);
  }

 private:
  // Of one event, until all of its members are read.
  struct Given {
    std::optional<std::string_view> customer;
    std::optional<std::string_view> event;
    std::optional<base::Moment> time;
    std::optional<std::string_view> key;
    unsigned seen = 0;  // a bit a member
  };
  enum Seen : unsigned { customer = 1, event = 2, time = 4, properties = 8, key = 16 };

  template <typename Read>
  bool read_object(Read read) {
    if (!cursor_.take('{')) return false;
    do {
      const auto name = cursor_.text();
      if (!name || !cursor_.take(':') || !read(*name)) return false;
    } while (cursor_.take(','));
    return cursor_.take('}');
  }

  bool read_member(std::string_view name) {
    if (name == "events") return events_.size() == 0 && read_events();
    if (name == "source") return read_once(body_.origin.source);
    if (name == "mode") return read_once(body_.origin.mode);
    return name == "key" && read_once(body_.origin.key);
  }

  bool read_once(std::optional<std::string>& to) {
    if (to) return false;
    const auto text = cursor_.text();
    if (text) to = *text;
    return text.has_value();
  }

  bool read_events() {
    if (!cursor_.take('[')) return false;
    do {
      Given given;
      const bool is_read = events_.size() < kEventsMax && read_object([&](std::string_view name) {
                             return read_event_member(given, name);
                           });
      if (!is_read || !add(given)) return false;
    } while (cursor_.take(','));
    return cursor_.take(']');
  }

  bool read_event_member(Given& given, std::string_view name) {
    if (name == "customer") return is_first(given, customer) && read_text(given.customer);
    if (name == "event") return is_first(given, event) && read_text(given.event);
    if (name == "time") return is_first(given, time) && (read_null() || read_time(given.time));
    if (name == "key") return is_first(given, key) && (read_null() || read_text(given.key));
    const bool is_properties = name == "properties" && is_first(given, properties);
    return is_properties && (read_null() || events_.read_properties(cursor_));
  }

  static bool is_first(Given& given, Seen member) {
    if ((given.seen & member) != 0) return false;
    given.seen |= member;
    return true;
  }

  bool read_null() { return cursor_.take_word("null"); }

  bool read_text(std::optional<std::string_view>& to) {
    to = cursor_.text();
    return to.has_value();
  }

  bool read_time(std::optional<base::Moment>& to) {
    if (cursor_.next() != '"') {
      const auto number = cursor_.number();
      if (!number || number->has_point) return false;
      const auto value = base::parse_value(base::ValueType::time, number->text, nullptr);
      if (value) to = std::get<base::Moment>(*value);
      return value.has_value();
    }
    const auto text = cursor_.text();
    if (!text) return false;
    const auto written = base::read_moment(*text);
    if (!written || written->date.year == 0) return false;
    to = resolve(*written, means_.zone);
    return true;
  }

  bool add(const Given& given) {
    if (!given.customer || !given.event) return false;
    if (events_.has_property(kOwnRecordMark) && intake::is_own_record(*given.event)) return false;
    event_log::PlainEvents::Head head{*given.event, given.time.value_or(means_.now), std::nullopt};
    if (given.key) {
      if (!is_given_key(*given.key)) return false;
      head.key = event_log::hash_of(key_of(means_.sender, Keyed::event, *given.key, ""));
    }
    if (!events_.add(head)) return false;
    body_.who.push_back(number_of(*given.customer));
    return true;
  }

  std::uint32_t number_of(std::string_view name) {
    const auto next = static_cast<std::uint32_t>(body_.customers.size());
    const auto [known, is_new] = numbers_.try_emplace(name, next);
    if (is_new) body_.customers.emplace_back(name);
    return known->second;
  }

  const EventBodyMeans& means_;
  base::JsonCursor cursor_;
  event_log::PlainEvents events_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // of customers
  EventBody body_;
};

}  // namespace

std::string key_of(std::string_view sender, Keyed keyed, std::string_view given,
                   std::string_view path) {
  if (!is_given_key(given)) throw Refusal("log.bad_key", {{"path", path}});
  std::string key(sender);
  key += keyed == Keyed::batch ? " batch/" : "/";
  key += given;
  return key;
}

std::optional<EventBody> read_plain_event_body(const EventBodyMeans& means) {
  const bool can_be = means.text.size() <= means.bytes_max && base::is_utf8(means.text);
  if (!can_be) return std::nullopt;
  return PlainBody(means).run();
}

EventBody read_event_body_as_tree(const EventBodyMeans& means) {
  auto read = base::read_json<EventBatch>(means.text, means.bytes_max);
  if (!read) refuse(read.error());
  if (read->events.empty()) throw Refusal("api.no_events", {{"path", "/events"}});
  if (read->events.size() > kEventsMax) {
    throw Refusal("log.too_many_events", {{"path", "/events"}});
  }
  EventBody body;
  body.origin = {std::move(read->source), std::move(read->mode), std::move(read->key)};
  means.check(body.origin);
  auto prepared = event_log::prepare(to_log(means, *read), means.types, means.now);
  if (!prepared) refuse(prepared.error());
  body.events = std::move(*prepared);
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  for (NewEvent& event : read->events) {
    const auto next = static_cast<std::uint32_t>(body.customers.size());
    const auto [known, is_new] = numbers.try_emplace(event.customer, next);
    if (is_new) body.customers.push_back(event.customer);
    body.who.push_back(known->second);
  }
  return body;
}

EventBody read_event_body(const EventBodyMeans& means) {
  if (auto plain = read_plain_event_body(means)) return std::move(*plain);
  return read_event_body_as_tree(means);
}

}  // namespace api
