#include "intake/tracked_message.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <span>
#include <variant>

#include "base/value_json.h"

namespace intake {
namespace {

namespace json = boost::json;

struct Renaming {
  std::string_view from;
  std::string_view to;
};

constexpr std::array<Renaming, 6> kEvents = {{{"product_viewed", "product_viewed"},
                                              {"product_added", "cart_added"},
                                              {"product_reviewed", "review_posted"},
                                              {"order_completed", "order_paid"},
                                              {"order_refunded", "order_refunded"},
                                              {"order_cancelled", "order_closed"}}};
constexpr std::array<Renaming, 3> kOfProducts = {
    {{"product_id", "sku"}, {"name", "product"}, {"rating", "stars"}}};
constexpr std::array<Renaming, 2> kOfOrders = {{{"total", "amount"}, {"revenue", "amount"}}};
// Texts of the vocabulary that shops number.
constexpr std::array<std::string_view, 5> kTexts = {"sku", "order_id", "product", "category",
                                                    "coupon"};
constexpr std::string_view kPageEvent = "page_viewed";

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "" for a member that is missing or null; nothing for what is no text of a fitting length.
std::optional<std::string> text_of(const json::object& given, std::string_view name,
                                   std::size_t bytes_max) {
  const json::value* value = given.if_contains(name);
  if (value == nullptr || value->is_null()) return "";
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (!value->is_string() || value->get_string().size() > bytes_max) return std::nullopt;
  return std::string(value->get_string());
}

void add_flat(json::object& out, const std::string& name, const json::value& value) {
  if (!value.is_object()) {
    out.insert_or_assign(name, value);
    return;
  }
  for (const auto& member : value.get_object()) {
    out.insert_or_assign(name + "_" + snake_case(member.key()), member.value());
  }
}

json::object flat(const json::object& given) {
  json::object out;
  for (const auto& member : given) add_flat(out, snake_case(member.key()), member.value());
  out.erase("");
  return out;
}

void rename(json::object& properties, std::span<const Renaming> names) {
  for (const auto& [from, to] : names) {
    const json::value* value = properties.if_contains(from);
    if (value == nullptr || properties.contains(to)) continue;
    json::value moved = *value;
    properties.erase(from);
    properties[to] = std::move(moved);
  }
}

std::string sku_of(const json::object& product) {
  for (const std::string_view name : {"sku", "product_id", "productId", "id"}) {
    const auto text = text_of(product, name, kTrackedIdBytesMax);
    if (text && !text->empty()) return *text;
  }
  return "";
}

void sum_up_products(json::object& properties) {
  const json::value* products = properties.if_contains("products");
  if (products == nullptr || !products->is_array()) return;
  json::array skus;
  std::int64_t items = 0;
  for (const json::value& each : products->get_array()) {
    if (!each.is_object()) continue;
    const json::object& product = each.get_object();
    if (std::string sku = sku_of(product); !sku.empty()) skus.emplace_back(std::move(sku));
    const json::value* quantity = product.if_contains("quantity");
    items += quantity != nullptr && quantity->is_int64()
                 ? std::clamp<std::int64_t>(quantity->get_int64(), 0, 1'000'000)
                 : 1;
  }
  properties.erase("products");
  if (!properties.contains("sku_list")) properties["sku_list"] = std::move(skus);
  if (!properties.contains("items")) properties["items"] = items;
}

// Properties of the event under their standard names.
void standardise(TrackedMessage& message) {
  const auto known = std::ranges::find(kEvents, message.event, &Renaming::from);
  if (known == kEvents.end()) return;
  message.event = known->to;
  const bool of_order = message.event.starts_with("order_");
  rename(message.properties,
         of_order ? std::span<const Renaming>(kOfOrders) : std::span<const Renaming>(kOfProducts));
  if (of_order) sum_up_products(message.properties);
  for (const std::string_view name : kTexts) {
    json::value* value = message.properties.if_contains(name);
    if (value != nullptr && value->is_number()) *value = json::serialize(*value);
  }
}

base::Moment time_of(const json::object& given, const TrackedArrival& arrival) {
  const auto said = tracked_moment(given, "timestamp");
  if (!said) return arrival.now;
  if (!arrival.sent_at) return *said;
  const base::Duration age = *arrival.sent_at - *said;
  return arrival.now - std::max(age, base::Duration{0});
}

bool has_name(TrackedMessage& message, const json::object& given) {
  const auto name =
      text_of(given, message.kind == TrackedKind::track ? "event" : "name", kTrackedNameBytesMax);
  if (!name) return false;
  if (message.kind == TrackedKind::page) {
    message.event = kPageEvent;
    if (!name->empty()) message.properties["page"] = *name;
    return true;
  }
  message.event = snake_case(*name);
  standardise(message);
  return !message.event.empty();
}

}  // namespace

std::optional<TrackedKind> tracked_kind_named(std::string_view name) {
  if (name == "identify") return TrackedKind::identify;
  if (name == "track") return TrackedKind::track;
  if (name == "page" || name == "screen") return TrackedKind::page;
  return std::nullopt;
}

std::string snake_case(std::string_view name) {
  std::string out;
  char before = '_';
  for (const char c : name) {
    const bool word = is_lower(c) || is_upper(c) || is_digit(c) || (c & 0x80) != 0;
    if (is_upper(c) && (is_lower(before) || is_digit(before))) out += '_';
    if (word) {
      out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
    before = c;
  }
  if (out.ends_with('_')) out.pop_back();
  return out;
}

std::optional<base::Moment> tracked_moment(const json::object& given, std::string_view name) {
  const json::value* value = given.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  const auto moment = base::value_from_json(base::ValueType::time, *value, nullptr);
  if (!moment) return std::nullopt;
  return std::get<base::Moment>(*moment);
}

base::Result<TrackedMessage, std::string_view> read_tracked(const json::object& given,
                                                            std::optional<TrackedKind> kind,
                                                            const TrackedArrival& arrival) {
  constexpr std::string_view kBad = "intake.bad_message";
  if (!kind) {
    const auto type = text_of(given, "type", kTrackedNameBytesMax);
    if (!type) return base::unexpected(kBad);
    kind = tracked_kind_named(*type);
    if (!kind) return base::unexpected(std::string_view("intake.unknown_message"));
  }
  TrackedMessage message;
  message.kind = *kind;
  const auto user = text_of(given, "userId", kTrackedIdBytesMax);
  const auto device = text_of(given, "anonymousId", kTrackedIdBytesMax);
  const auto id = text_of(given, "messageId", kTrackedIdBytesMax);
  if (!user || !device || !id) return base::unexpected(kBad);
  if (user->empty() && device->empty()) {
    return base::unexpected(std::string_view("intake.nobody"));
  }
  message.user = *user;
  message.device = *device;
  message.id = *id;
  const bool identifies = *kind == TrackedKind::identify;
  if (const json::value* more = given.if_contains(identifies ? "traits" : "properties")) {
    if (!more->is_object() && !more->is_null()) return base::unexpected(kBad);
    if (more->is_object()) message.properties = flat(more->get_object());
  }
  if (!identifies && !has_name(message, given)) return base::unexpected(kBad);
  const json::value* said = given.if_contains("timestamp");
  if (said != nullptr && !said->is_null() && !tracked_moment(given, "timestamp")) {
    return base::unexpected(std::string_view("intake.bad_time"));
  }
  message.time = time_of(given, arrival);
  return message;
}

}  // namespace intake
