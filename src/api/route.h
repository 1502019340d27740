// The HTTP surface: one table per noun, each line a route with who may use it on the same line.
//
//   {Method::post, "/tags", Guard::of(Permission::tags_write), create_tag},
//
// Patterns are relative to /api/v1; a segment in braces matches any non-empty segment and is asked
// for by its name. routes() joins the tables; api/openapi.yaml says the same, and the contract test
// holds both against each other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "access/permission.h"
#include "net/http.h"

namespace api {

class Call;

inline constexpr std::string_view kPrefix = "/api/v1";
inline constexpr std::size_t kStrangersBodyBytesMax = 64 * 1024;  // of who is not known
inline constexpr std::size_t kBodyBytesMax = 1024 * 1024;
inline constexpr std::size_t kTrackedBodyBytesMax = 500 * 1024;
inline constexpr std::size_t kCustomersBodyBytesMax = 8 * 1024 * 1024;
inline constexpr std::size_t kEventsBodyBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kFileBodyBytesMax = 256 * 1024 * 1024;

// Who may: everybody, whoever is signed in (or has a key), or who has the permission; of two either
// one, where what is asked decides which is needed: the handler looks at that.
struct Guard {
  enum class Kind : unsigned char { everybody, signed_in, permission } kind;
  rights::Permission permission{};
  rights::Permission other = permission;

  static constexpr Guard everybody() { return {Kind::everybody, {}}; }
  static constexpr Guard signed_in() { return {Kind::signed_in, {}}; }
  static constexpr Guard of(rights::Permission permission) {
    return {Kind::permission, permission};
  }
  static constexpr Guard either(rights::Permission one, rights::Permission other) {
    return {Kind::permission, one, other};
  }
  // A route of trackers: public keys may, from their origins; browsers elsewhere may read answers.
  static constexpr Guard tracker() { return of(rights::Permission::events_track); }
  constexpr bool is_tracker() const {
    return kind == Kind::permission && permission == rights::Permission::events_track;
  }
};

struct Route {
  net::Method method;
  std::string_view pattern;  // "/customers/{customer}/events"
  Guard guard;
  net::Response (*handle)(Call& call);
  std::size_t body_bytes_max = kBodyBytesMax;
  // Where some calls need nothing that blocks: the answer to those, now or later. Nothing: `handle`
  // is asked. Throws Refusal, or MustWait (call.h).
  std::optional<net::Response> (*handle_at_once)(Call& call) = nullptr;
};

// One per noun, at the end of its file.
std::span<const Route> account_routes();
std::span<const Route> audience_routes();
std::span<const Route> audience_size_routes();
std::span<const Route> audit_routes();
std::span<const Route> backup_routes();
std::span<const Route> bulk_change_routes();
std::span<const Route> consent_routes();
std::span<const Route> customer_routes();
std::span<const Route> customer_change_routes();
std::span<const Route> customer_table_routes();
std::span<const Route> customer_export_routes();
std::span<const Route> demo_routes();
std::span<const Route> event_routes();
std::span<const Route> field_note_routes();
std::span<const Route> health_routes();
std::span<const Route> http_channel_routes();
std::span<const Route> identity_routes();
std::span<const Route> import_routes();
std::span<const Route> key_routes();
std::span<const Route> ledger_account_routes();
std::span<const Route> ledger_routes();
std::span<const Route> lifecycle_routes();
std::span<const Route> lifecycle_state_routes();
std::span<const Route> list_routes();
std::span<const Route> live_routes();
std::span<const Route> live_estimate_routes();
std::span<const Route> live_forecast_routes();
std::span<const Route> live_move_routes();
std::span<const Route> mapping_routes();
std::span<const Route> membership_routes();
std::span<const Route> merge_review_routes();
std::span<const Route> order_routes();
std::span<const Route> rfm_routes();
std::span<const Route> outbox_routes();
std::span<const Route> question_routes();
std::span<const Route> rule_routes();
std::span<const Route> second_factor_routes();
std::span<const Route> session_routes();
std::span<const Route> setting_routes();
std::span<const Route> staff_routes();
std::span<const Route> store_routes();
std::span<const Route> system_routes();
std::span<const Route> tag_routes();
std::span<const Route> test_account_routes();
std::span<const Route> track_routes();
std::span<const Route> upload_routes();
std::span<const Route> user_routes();
std::span<const Route> value_routes();
std::span<const Route> webhook_routes();

// All of them.
const std::vector<Route>& routes();

struct Match {
  const Route* route = nullptr;
  std::vector<std::string_view> captured;  // in the order of the braces; views into the request
  bool other_method = false;               // the path is there, with other methods
};
// Requires a path below kPrefix.
Match match(const net::Request& request);

}  // namespace api
