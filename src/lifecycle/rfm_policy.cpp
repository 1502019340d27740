#include "lifecycle/rfm_policy.h"

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "access/audit.h"
#include "base/check.h"
#include "base/json.h"
#include "base/value.h"
#include "lifecycle/rfm_policy_sql.h"

namespace lifecycle {
namespace {

namespace json = boost::json;

constexpr std::size_t kPolicyBytesMax = 64 * 1024;
constexpr store::LockKey kPolicyLock{751, 0};

struct LabelBody {
  std::string zh;
  std::string en;
};
BOOST_DESCRIBE_STRUCT(LabelBody, (), (zh, en))

struct SegmentBody {
  std::string key;
  std::optional<LabelBody> label;
  std::vector<std::int64_t> recency;
  std::vector<std::int64_t> frequency;
  std::vector<std::int64_t> money;
};
BOOST_DESCRIBE_STRUCT(SegmentBody, (), (key, label, recency, frequency, money))

struct PolicyBody {
  std::string by;
  std::optional<std::vector<std::int64_t>> recency;
  std::optional<std::vector<std::int64_t>> frequency;
  std::optional<std::vector<std::string>> money;
  std::optional<std::string> event;
  std::optional<std::string> amount;
  std::optional<std::int64_t> window_days;
  std::optional<std::vector<SegmentBody>> segments;
};
BOOST_DESCRIBE_STRUCT(PolicyBody, (),
                      (by, recency, frequency, money, event, amount, window_days, segments))

base::unexpected<RfmError> fail(RfmFault fault, std::string_view subject) {
  return base::unexpected(RfmError{fault, std::string(subject)});
}

std::optional<RfmCuts> four(const std::optional<std::vector<std::int64_t>>& given) {
  if (!given || given->size() != std::tuple_size_v<RfmCuts>) return std::nullopt;
  RfmCuts cuts{};
  std::ranges::copy(*given, cuts.begin());
  return cuts;
}

std::optional<std::vector<std::int64_t>> cents_of(
    const std::optional<std::vector<std::string>>& yuan) {
  if (!yuan) return std::nullopt;
  std::vector<std::int64_t> cents;
  for (const std::string& text : *yuan) {
    const auto value = base::parse_value(base::ValueType::money, text, nullptr);
    if (!value) return std::nullopt;
    cents.push_back(std::get<base::Money>(*value).cents);
  }
  return cents;
}

base::Result<RfmCutsOf, RfmError> cuts_from(const PolicyBody& body) {
  RfmCutsOf cuts;
  const std::pair<const char*, std::optional<RfmCuts>> given[] = {
      {"recency", four(body.recency)},
      {"frequency", four(body.frequency)},
      {"money", four(cents_of(body.money))}};
  RfmCuts* const wanted[] = {&cuts.recency, &cuts.frequency, &cuts.money};
  for (std::size_t i = 0; i < std::size(given); ++i) {
    const auto& [name, four_cuts] = given[i];
    if (!four_cuts) return fail(RfmFault::not_a_policy, name);
    const bool counts = i < 2;  // days and orders are never negative
    if (!std::ranges::is_sorted(*four_cuts) || (counts && four_cuts->front() < 0)) {
      return fail(RfmFault::bad_cuts, name);
    }
    *wanted[i] = *four_cuts;
  }
  return cuts;
}

bool is_key(std::string_view key) {
  const auto is_of_key = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !key.empty() && key.size() <= 40 && std::ranges::all_of(key, is_of_key);
}

std::optional<RfmRange> range_from(const std::vector<std::int64_t>& given) {
  const bool possible =
      given.size() == 2 && given[0] >= 1 && given[0] <= given[1] && given[1] <= kRfmScoreMax;
  if (!possible) return std::nullopt;
  return RfmRange{static_cast<int>(given[0]), static_cast<int>(given[1])};
}

base::Result<std::vector<RfmSegment>, RfmError> segments_from(
    const std::vector<SegmentBody>& bodies) {
  if (bodies.size() > kRfmSegmentsMax) return fail(RfmFault::bad_segment, "segments");
  std::vector<RfmSegment> segments;
  for (const SegmentBody& body : bodies) {
    const auto recency = range_from(body.recency);
    const auto frequency = range_from(body.frequency);
    const auto money = range_from(body.money);
    if (!is_key(body.key) || !recency || !frequency || !money) {
      return fail(RfmFault::bad_segment, body.key);
    }
    const LabelBody label = body.label.value_or(LabelBody{body.key, body.key});
    segments.push_back({body.key, *recency, *frequency, *money, label.zh, label.en});
  }
  for (std::size_t cell = 0; cell < kRfmCells; ++cell) {
    const RfmScores scores = scores_of_cell(cell);
    if (segment_of(scores, segments)) continue;
    return fail(RfmFault::bad_segment, std::to_string(scores.recency) +
                                           std::to_string(scores.frequency) +
                                           std::to_string(scores.money));
  }
  return segments;
}

json::array range_json(const RfmRange& range) { return {range.from, range.to}; }

}  // namespace

std::string_view code_of(RfmFault fault) {
  switch (fault) {
    case RfmFault::not_a_policy:
      return "rfm.not_a_policy";
    case RfmFault::bad_cuts:
      return "rfm.bad_cuts";
    case RfmFault::bad_segment:
      return "rfm.bad_segment";
    case RfmFault::bad_window:
      return "rfm.bad_window";
    case RfmFault::unknown_event:
      return "rfm.unknown_event";
    case RfmFault::unknown_amount:
      return "rfm.unknown_amount";
  }
  base::unreachable();
}

base::Result<RfmPolicy, RfmError> policy_from(std::string_view text) {
  const auto body = base::read_json<PolicyBody>(text, kPolicyBytesMax);
  if (!body) return fail(RfmFault::not_a_policy, body.error().path);
  RfmPolicy policy;
  if (body->by == "cuts") {
    const auto cuts = cuts_from(*body);
    if (!cuts) return base::unexpected(cuts.error());
    policy.cuts = *cuts;
  } else if (body->by != "quantile") {
    return fail(RfmFault::not_a_policy, "by");
  }
  if (body->event) policy.event = *body->event;
  if (body->amount) policy.amount = *body->amount;
  policy.window_days = body->window_days;
  if (policy.window_days && (*policy.window_days < 1 || *policy.window_days > kRfmWindowDaysMax)) {
    return fail(RfmFault::bad_window, "window_days");
  }
  if (body->segments) {
    auto segments = segments_from(*body->segments);
    if (!segments) return base::unexpected(segments.error());
    policy.segments = *std::move(segments);
  }
  return policy;
}

std::string to_json_text(const RfmPolicy& policy) {
  json::object out{{"by", policy.cuts ? "cuts" : "quantile"},
                   {"event", policy.event},
                   {"amount", policy.amount}};
  if (policy.cuts) {
    out["recency"] = json::array(policy.cuts->recency.begin(), policy.cuts->recency.end());
    out["frequency"] = json::array(policy.cuts->frequency.begin(), policy.cuts->frequency.end());
    json::array money;
    for (const std::int64_t cents : policy.cuts->money) {
      money.emplace_back(base::to_text(base::Value(base::Money{cents})));
    }
    out["money"] = std::move(money);
  }
  if (policy.window_days) out["window_days"] = *policy.window_days;
  json::array segments;
  for (const RfmSegment& segment : policy.segments) {
    segments.push_back(
        json::object{{"key", segment.key},
                     {"label", json::object{{"zh", segment.label_zh}, {"en", segment.label_en}}},
                     {"recency", range_json(segment.recency)},
                     {"frequency", range_json(segment.frequency)},
                     {"money", range_json(segment.money)}});
  }
  out["segments"] = std::move(segments);
  return json::serialize(out);
}

base::Result<void, RfmError> check_names(const RfmPolicy& policy,
                                         const event_log::EventTypes& types) {
  const event_log::EventType* type = types.find(policy.event);
  if (type == nullptr) return fail(RfmFault::unknown_event, policy.event);
  const event_log::Property* amount = type->find(policy.amount);
  const bool number = amount != nullptr && (amount->type == base::ValueType::money ||
                                            amount->type == base::ValueType::decimal ||
                                            amount->type == base::ValueType::integer);
  if (!number) return fail(RfmFault::unknown_amount, policy.amount);
  return {};
}

RfmPolicy policy_of(store::Session& session) {
  const auto text =
      session.one(sql::kPolicy, {}, [](const store::Row& row) { return std::string(row.text(0)); });
  if (!text || text->empty()) return {};
  const auto policy = policy_from(*text);
  if (!policy) {
    throw store::Failure(store::FailureKind::corrupt,
                         "the policy of recency, frequency and money cannot be read");
  }
  return *policy;
}

void set_policy(store::Unit& unit, const RfmPolicy& policy, const RfmChange& change) {
  unit.lock({kPolicyLock});
  rights::AuditEntry entry{
      .actor = change.actor, .at = change.now, .noun = "rfm_policy", .verb = "changed"};
  entry.before = to_json_text(policy_of(unit));
  entry.after = to_json_text(policy);
  unit.execute(sql::kSetPolicy, {std::string_view(*entry.after)});
  rights::record(unit, entry);
}

std::string kept_summary(store::Session& session) {
  return session
      .one(sql::kPolicy, {}, [](const store::Row& row) { return std::string(row.text(1)); })
      .value_or("");
}

void keep_summary(store::Unit& unit, std::string_view summary) {
  unit.lock({kPolicyLock});
  unit.execute(sql::kKeepSummary, {summary});
}

}  // namespace lifecycle
