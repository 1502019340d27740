#include "api/call.h"

#include <boost/json/serialize.hpp>
#include <charconv>

#include "api/customer_name.h"
#include "api/field_note.h"
#include "base/check.h"
#include "log/event_type.h"
#include "log/log.h"
#include "setting/setting.h"
#include "timeline/history.h"

namespace api {
namespace {

constexpr std::int64_t kIdMax = (std::int64_t{1} << 53) - 1;

}  // namespace

std::optional<std::int64_t> read_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Call::Call(CallParts parts) : parts_(std::move(parts)), now_(parts_.services.clock.now()) {}

std::int64_t Call::id(std::size_t index) const {
  const auto value = read_integer(captured(index));
  if (!value || *value < 1 || *value > kIdMax) throw Refusal("api.not_there");
  return *value;
}

std::string Call::query(std::string_view name) const {
  return std::string(request().query_value(name).value_or(""));
}

bool Call::flag(std::string_view name) const {
  const std::string value = query(name);
  if (value.empty() || value == "false") return false;
  if (value == "true") return true;
  throw Refusal("api.bad_query", {{"subject", name}});
}

std::string_view Call::host_name() const {
  const std::string_view host = request().headers.find("Host").value_or("");
  const std::size_t bracket = host.rfind(']');  // of an address of IPv6, whose colons are its own
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

std::int64_t Call::limit() const {
  const std::string text = query("limit");
  if (text.empty()) return kPageRows;
  const auto value = read_integer(text);
  if (!value || *value < 1 || *value > kPageRowsMax) {
    throw Refusal("api.bad_query", {{"subject", "limit"}});
  }
  return *value;
}

void Call::require_json() const {
  const std::string_view type = request().headers.find("Content-Type").value_or("");
  if (!type.starts_with("application/json")) throw Refusal("api.not_json");
}

const base::Zone& Call::zone() {
  if (!zone_) {
    if (!parts_.may_wait) throw MustWait();
    zone_ = services().database.read(
        [](store::Session& session) { return setting::read(session).zone; });
  }
  return *zone_;
}

base::WrittenMoment written_moment(std::string_view text, std::string_view path) {
  const auto written = base::read_moment(text);
  if (!written) {
    throw Refusal(
        written.error() == base::MomentFault::impossible ? "api.impossible_time" : "api.bad_time",
        {{"path", path}});
  }
  if (written->date.year == 0) throw Refusal("api.bad_time", {{"path", path}});
  return *written;
}

base::Moment resolve(const base::WrittenMoment& written,
                     const std::function<const base::Zone&()>& zone) {
  static const base::Zone utc = base::Zone::utc();
  return base::resolve(written, written.offset_minutes ? utc : zone());
}

base::Moment Call::moment(std::string_view text, std::string_view path) {
  return resolve(written_moment(text, path), [this]() -> const base::Zone& { return zone(); });
}

std::optional<base::Moment> Call::moment(const std::optional<std::string>& text,
                                         std::string_view path) {
  if (!text) return std::nullopt;
  return moment(std::string_view(*text), path);
}

base::CustomerId Call::person(store::Session& session, std::string_view name) {
  const auto found = find_customer(session, name);
  if (!found || !caller().viewer.sees(found->person)) throw Refusal("api.unknown_customer");
  return found->person;
}

rights::PeerAddress Call::peer() const {
  return {net::client_address(request(), parts_.services.trusted_proxies),
          std::string(request().headers.find("User-Agent").value_or("")),
          std::string(net::cookie_of(request().headers, rights::kBrowserCookie).value_or(""))};
}

const rights::User& Call::session_user() const {
  if (!caller().user) throw Refusal("api.no_session");
  return *caller().user;
}

std::string Call::source() const {
  switch (caller().viewer.actor().kind) {
    case rights::ActorKind::user:
      return "console";
    case rights::ActorKind::key:
      return "api";
    case rights::ActorKind::command_line:
      return "command line";
    case rights::ActorKind::import:
      return "import";
    case rights::ActorKind::system:
      return "system";
  }
  base::unreachable();
}

std::string Call::source(const std::optional<std::string>& given) const {
  if (!given) return source();
  if (!event_log::is_name(*given) || given->size() > customer::kSourceBytesMax) {
    throw Refusal("log.bad_source", {{"path", "/source"}});
  }
  return *given;
}

std::string Call::reference(const std::optional<std::string>& given) const {
  if (!given) return "";
  if (given->empty() || given->size() > kReferenceBytesMax) {
    throw Refusal("api.bad_reference", {{"path", "/reference"}});
  }
  return *given;
}

customer::WritingOptions Call::writing() const {
  customer::WritingOptions options;
  options.actor = caller().viewer.actor();
  options.now = now();
  options.source = source();
  return options;
}

FieldMask Call::field_mask(store::Session& session) {
  const rights::Masks& masks = caller().viewer.masks();
  return {masks, personal_fields(masks, session, services().log.catalog())};
}

bool Call::has_sealed_marks() const {
  const rights::Viewer& viewer = caller().viewer;
  return viewer.masks() != rights::Masks{} || viewer.only() != nullptr;
}

std::string Call::shown_mark(const std::string& mark) const {
  if (mark.empty() || !has_sealed_marks()) return mark;
  return parts_.services.seal.close(mark);
}

std::string Call::given_mark(const std::string& shown) const {
  if (shown.empty() || !has_sealed_marks()) return shown;
  const auto mark = parts_.services.seal.open(shown);
  if (!mark) throw Refusal("api.bad_query", {{"subject", "after"}});
  return *mark;
}

std::int64_t Call::mark_id() const {
  const std::string after = query("after");
  if (after.empty()) return 0;
  const auto id = read_integer(after);
  if (!id || *id < 1 || *id > kIdMax) throw Refusal("api.bad_query", {{"subject", "after"}});
  return *id;
}

void Call::await(const std::optional<std::string>& position) {
  if (!position) return;
  const auto wanted = event_log::position_from(*position);
  if (!wanted) throw Refusal("api.bad_position");
  if (!services().memory.await(*wanted, kAwaitMax)) throw Refusal("api.position_not_reached");
}

Call::Pinned Call::pin(const std::optional<std::string>& at_least) {
  await(at_least);
  if (auto fresh = services().memory.fresh_pin()) return {std::move(*fresh), true};
  return {services().memory.pin(), false};
}

std::string Call::position() {
  return event_log::to_text(services().database.read(
      [&](store::Session& session) { return services().log.newest(session); }));
}

net::Response json_response(int status, const boost::json::value& body) {
  return net::make_response(status, "application/json", boost::json::serialize(body));
}

net::Response no_content() {
  net::Response response;
  response.status = 204;
  return response;
}

std::string iso(base::Moment moment) { return base::to_iso8601_utc(moment); }

boost::json::value iso_or_null(std::optional<base::Moment> moment) {
  if (!moment || *moment == base::kMomentMin || *moment == base::kMomentMax) return nullptr;
  return boost::json::value(iso(*moment));
}

}  // namespace api
