// Events as one request posts them, and how those of several requests are written in one unit.
//
// A post is written whole or not at all. Posts of one unit are written as if each had come by
// itself, in the order given, but for the arrival: events of one sender arrive at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/customer_name.h"
#include "customer/remembered_keys.h"
#include "customer/writing.h"
#include "log/log.h"
#include "log/position.h"
#include "log/prepared_events.h"
#include "net/http.h"
#include "store/database.h"

namespace api {

struct EventPost {
  customer::WritingOptions options;  // who, when, from where; live or history
  std::optional<std::string> key;    // of the whole post, as the log knows it
  event_log::PreparedEvents events;
  std::vector<NamedCustomer> customers;  // each name once
  std::vector<std::uint32_t> who;        // of each event: index into customers
  std::size_t bytes = 0;                 // of the body it came in
};

struct PostOutcome {
  std::int64_t written = 0;
  std::int64_t repeated = 0;
  event_log::Position position;  // all of it stands at or before; also where it was known already
};

// What posts are written with.
struct PostMeans {
  store::Database& database;
  event_log::Log& log;
  customer::RememberedKeys& keys;
};

// One outcome a post, once they are durable. Throws Refusal when one of them is refused (with
// several it is not told which, and nothing is written), store::Failure.
std::vector<PostOutcome> write_posts(const PostMeans& means, std::span<const EventPost> posts);

net::Response response_of(const PostOutcome& outcome);

}  // namespace api
