// One request on its way through a handler: its parts read and checked, who asks, and the answer.
//
// Whatever cannot be read ends the request with a Refusal. A Call lives for one request and belongs
// to its thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/caller.h"
#include "api/fault.h"
#include "api/mask.h"
#include "api/problem.h"
#include "api/services.h"
#include "base/calendar.h"
#include "base/id.h"
#include "base/json.h"
#include "base/moment.h"
#include "customer/writing.h"
#include "log/position.h"
#include "net/http.h"

namespace api {

inline constexpr std::int64_t kPageRowsMax = 1000;
inline constexpr std::int64_t kPageRows = 100;
inline constexpr base::Duration kAwaitMax{5 * base::kSecond.ms};

// Thrown where a call that may not block would have to: it is handled again by who may.
struct MustWait {};

struct CallParts {
  const net::Request& request;
  Services& services;
  const Caller& caller;
  std::vector<std::string_view> captured;
  std::size_t body_bytes_max;
  bool may_wait = true;  // false: on a thread that must not block (Route::handle_at_once)
};

class Call {
 public:
  explicit Call(CallParts parts);

  const net::Request& request() const { return parts_.request; }
  Services& services() { return parts_.services; }
  const Caller& caller() const { return parts_.caller; }
  // The clock at the entrance; the same for the whole call.
  base::Moment now() const { return now_; }

  // A segment of the path that stood in braces, by its number from 0; `id`: as an id, 404 when it
  // is none.
  std::string_view captured(std::size_t index) const { return parts_.captured[index]; }
  std::int64_t id(std::size_t index) const;

  // Query parameters.
  std::string query(std::string_view name) const;  // "" when missing
  bool flag(std::string_view name) const;
  std::int64_t limit() const;  // 1 … kPageRowsMax, kPageRows when missing

  template <typename Body>
  Body body() const {
    require_json();
    auto read = base::read_json<Body>(request().body, parts_.body_bytes_max);
    if (!read) refuse(read.error());
    return std::move(*read);
  }

  // The same unread, of at most as many bytes as the route takes.
  std::string_view body_text() const {
    require_json();
    return request().body;
  }

  // An ISO 8601 time; without an offset in the workspace's zone.
  base::Moment moment(std::string_view text, std::string_view path);
  std::optional<base::Moment> moment(const std::optional<std::string>& text, std::string_view path);
  // Throws MustWait.
  const base::Zone& zone();

  // The customer a path or body names: a key, c_<id>, or kind:value. 404 when there is none or the
  // caller may not see them.
  base::CustomerId person(store::Session& session, std::string_view name);

  // How customers are changed by this call: live, by the caller, from `source` ("api" or
  // "console").
  customer::WritingOptions writing() const;
  std::string source() const;
  // The source a body names, else source(). Refuses what is no name of at most kSourceBytesMax.
  std::string source(const std::optional<std::string>& given) const;

  // How the asker names a question, "" when not at all. Refuses what is no text of at most
  // kReferenceBytesMax bytes.
  std::string reference(const std::optional<std::string>& given) const;

  // The name or address by which the caller knows this machine ("127.0.0.1", "[::1]"), "" when it
  // is not told.
  std::string_view host_name() const;

  // Where the caller comes from, and with what.
  rights::PeerAddress peer() const;
  // The user of the session. A key and the command line are signed in too, but have none: refused.
  const rights::User& session_user() const;

  // How phones and names are shown to the caller.
  Mask mask() const { return Mask(caller().viewer.masks()); }
  // The same with what the brand has marked as personal.
  FieldMask field_mask(store::Session& session);

  // The mark of a page as the caller may see it, and back; refused when it is none of ours. It may
  // tell a phone, a name or somebody the caller does not see: then it is sealed.
  std::string shown_mark(const std::string& mark) const;
  std::string given_mark(const std::string& shown) const;

  // `after` of a page whose mark is an id; 0 when missing.
  std::int64_t mark_id() const;

  // Waits until everything at or before the position can be asked for; 503 otherwise.
  void await(const std::optional<std::string>& position);
  // The moment of all histories to ask a question of. Everything committed when it was asked for is
  // in it, unless the memory is so far behind that `fresh` says it is not.
  struct Pinned {
    timeline::Pin pin;
    bool fresh = true;
  };
  Pinned pin(const std::optional<std::string>& at_least = std::nullopt);
  // Where the log stands now: what an answer to a write gives as `position`.
  std::string position();

 private:
  void require_json() const;
  bool has_sealed_marks() const;

  CallParts parts_;
  base::Moment now_;
  std::optional<base::Zone> zone_;
};

// An ISO 8601 time with its year; refused when it is none.
base::WrittenMoment written_moment(std::string_view text, std::string_view path);
// `zone`, which may have to be waited for, is asked for only where the time has no offset.
base::Moment resolve(const base::WrittenMoment& written,
                     const std::function<const base::Zone&()>& zone);

// Digits, at most with a minus before them; nothing else.
std::optional<std::int64_t> read_integer(std::string_view text);

net::Response json_response(int status, const boost::json::value& body);
net::Response no_content();
inline net::Response ok(const boost::json::value& body) { return json_response(200, body); }
inline net::Response created(const boost::json::value& body) { return json_response(201, body); }

std::string iso(base::Moment moment);
boost::json::value iso_or_null(std::optional<base::Moment> moment);

}  // namespace api
