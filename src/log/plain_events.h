// Events made ready out of JSON text without a tree (what prepare() of log/prepared_events.h makes
// of a tree): for who reads very many.
//
//   PlainEvents events(types, now);
//   while (…) {
//     if (!events.read_properties(cursor)) …     // an object; left out where there are none
//     if (!events.add({name, time, key})) …
//   }
//   PreparedEvents prepared = events.take();
//
// An event whose properties are not plain (base/json_cursor.h; lists and objects are not either),
// and one with a fault, are "no" alike. Whoever meets one reads all of the text as a tree and has
// prepare() say what is wrong. Where both read they make the same: the tree is the test.
//
// Borrows the types. Names and texts are views that live until take(). Not thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json_cursor.h"
#include "base/moment.h"
#include "log/event_type.h"
#include "log/key_hash.h"
#include "log/prepared_events.h"

namespace event_log {

class PlainEvents {
 public:
  PlainEvents(const EventTypes& types, base::Moment now) : types_(types), now_(now) {}

  // Of the event that is added next. False: not plain; so is a second object of one event.
  [[nodiscard]] bool read_properties(base::JsonCursor& cursor);
  // Whether they name one so, also as null.
  bool has_property(std::string_view name) const;

  struct Head {
    std::string_view name;
    base::Moment time;
    std::optional<KeyHash> key;  // of one that may be one (kKeyBytesMax)
  };
  // False: it has a fault.
  [[nodiscard]] bool add(const Head& head);

  std::size_t size() const { return prepared_.events.size(); }
  PreparedEvents take() { return std::move(prepared_); }

 private:
  enum class Kind : char { text = 't', whole = 'w', fraction = 'f', boolean = 'b', null = 'n' };
  struct Member {
    std::string_view name;
    Kind kind;
    std::string_view text;  // a number, true or false as stored
  };
  // What is known of an event by its name, once for all of that name.
  struct Named {
    std::uint32_t number;
    bool is_name;
    const EventType* type;  // null: not known
  };

  static std::optional<Member> read_value(base::JsonCursor& cursor, std::string_view name);
  static base::ValueType first_type(Kind kind);
  static bool reads_as(base::ValueType type, const Member& member);
  static bool is_fit(std::string_view property);
  const Named& named(std::string_view name);
  bool sort_members();
  std::optional<std::uint32_t> shape_of(std::string_view event, const Named& named);
  void write_stored();

  const EventTypes& types_;
  const base::Moment now_;
  PreparedEvents prepared_;
  std::unordered_map<std::string_view, Named> names_;
  std::unordered_map<std::string, std::uint32_t> shapes_;  // by signature
  // Of the event that is added next.
  bool has_read_ = false;
  std::vector<Member> members_;
  std::vector<std::optional<base::ValueType>> reads_as_;  // one a member
  std::string signature_;
  std::string stored_;
};

}  // namespace event_log
