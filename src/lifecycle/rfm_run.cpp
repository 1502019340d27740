#include "lifecycle/rfm_run.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/check.h"
#include "base/json.h"
#include "customer/test_account.h"

namespace lifecycle {
namespace {

namespace json = boost::json;
using timeline::FittedAttribute;

// The keys of the policy, each once.
std::vector<RfmSummary::Segment> segments_of(const RfmPolicy& policy) {
  std::vector<RfmSummary::Segment> segments;
  for (const RfmSegment& row : policy.segments) {
    const bool there =
        std::ranges::find(segments, row.key, &RfmSummary::Segment::key) != segments.end();
    if (!there) segments.push_back({row.key});
  }
  return segments;
}

// The place of each cell's segment.
std::array<std::size_t, kRfmCells> places_of(const RfmPolicy& policy,
                                             const std::vector<RfmSummary::Segment>& segments) {
  std::array<std::size_t, kRfmCells> places{};
  for (std::size_t cell = 0; cell < kRfmCells; ++cell) {
    const auto row = segment_of(scores_of_cell(cell), policy.segments);
    CHECK(row);  // a policy leaves no cell out
    const auto found =
        std::ranges::find(segments, policy.segments[*row].key, &RfmSummary::Segment::key);
    places[cell] = static_cast<std::size_t>(found - segments.begin());
  }
  return places;
}

json::array cuts_json(const RfmCuts& cuts) { return json::array(cuts.begin(), cuts.end()); }

// Of what the program wrote itself.
RfmCuts cuts_in(const json::value& cuts) {
  RfmCuts found{};
  std::ranges::transform(cuts.as_array(), found.begin(),
                         [](const json::value& cut) { return cut.as_int64(); });
  return found;
}

}  // namespace

std::string to_json_text(const RfmSummary& summary) {
  json::array segments;
  for (const RfmSummary::Segment& segment : summary.segments) {
    segments.push_back(json::array{segment.key, segment.customers, segment.cents});
  }
  return json::serialize(
      json::object{{"at", summary.at.ms},
                   {"customers", summary.customers},
                   {"recency", cuts_json(summary.cuts.recency)},
                   {"frequency", cuts_json(summary.cuts.frequency)},
                   {"money", cuts_json(summary.cuts.money)},
                   {"grid", json::array(summary.grid.begin(), summary.grid.end())},
                   {"segments", std::move(segments)}});
}

std::optional<RfmSummary> summary_from(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto stored = base::parse_stored_json(text);
  CHECK(stored && stored->is_object());
  const json::object& out = stored->get_object();
  RfmSummary summary;
  summary.at = {out.at("at").as_int64()};
  summary.customers = out.at("customers").as_int64();
  summary.cuts = {cuts_in(out.at("recency")), cuts_in(out.at("frequency")),
                  cuts_in(out.at("money"))};
  std::ranges::transform(out.at("grid").as_array(), summary.grid.begin(),
                         [](const json::value& count) { return count.as_int64(); });
  for (const json::value& segment : out.at("segments").as_array()) {
    const json::array& parts = segment.as_array();
    summary.segments.push_back(
        {std::string(parts.at(0).as_string()), parts.at(1).as_int64(), parts.at(2).as_int64()});
  }
  return summary;
}

RfmScored score(std::vector<RfmFacts> facts, const RfmPolicy& policy, base::Moment at) {
  RfmScored scored{.facts = std::move(facts), .scores = {}, .segment = {}, .summary = {}};
  RfmSummary& summary = scored.summary;
  summary.at = at;
  summary.customers = std::ssize(scored.facts);
  summary.cuts = policy.cuts ? *policy.cuts : quintile_cuts(scored.facts);
  summary.segments = segments_of(policy);
  const auto places = places_of(policy, summary.segments);
  for (const RfmFacts& each : scored.facts) {
    const RfmScores scores = scores_of(each, summary.cuts);
    const std::size_t cell = cell_of(scores);
    RfmSummary::Segment& segment = summary.segments[places[cell]];
    ++summary.grid[cell];
    ++segment.customers;
    segment.cents += each.cents;
    scored.scores.push_back(scores);
    scored.segment.push_back(places[cell]);
  }
  return scored;
}

base::Result<RfmScored, RfmError> score_everybody(const RfmMeans& means, const RfmPolicy& policy,
                                                  base::Moment at) {
  std::vector<base::CustomerId> tests;
  std::shared_ptr<const event_log::EventTypes> types;
  means.database.read([&](store::Session& session) {
    types = means.log.catalog().of(session);
    tests = customer::marked_customers(session);
  });
  if (const auto known = check_names(policy, *types); !known) {
    return base::unexpected(known.error());
  }
  const BoughtEvents events = bought_events(policy, *types);
  RfmAsked asked{events, at, std::nullopt, tests};
  if (policy.window_days) asked.window = base::Duration{*policy.window_days * base::kDay.ms};
  const auto fresh = means.memory.fresh_pin();
  const timeline::Pin pin = fresh ? *fresh : means.memory.pin();
  return score(facts_of(pin, asked, means.pool), policy, at);
}

void keep(const RfmMeans& means, const RfmScored& scored) {
  std::vector<base::CustomerId> customers;
  std::vector<std::int64_t> recency, frequency, money, segment;
  for (std::size_t row = 0; row < scored.facts.size(); ++row) {
    customers.push_back(scored.facts[row].person);
    recency.push_back(scored.scores[row].recency);
    frequency.push_back(scored.scores[row].frequency);
    money.push_back(scored.scores[row].money);
    segment.push_back(static_cast<std::int64_t>(scored.segment[row]));
  }
  std::vector<std::string> keys;
  for (const RfmSummary::Segment& each : scored.summary.segments) keys.push_back(each.key);
  means.fitted.store_run({.family = timeline::FittedFamily::rfm,
                          .moment = scored.summary.at,
                          .customers = customers,
                          .columns = {{FittedAttribute::rfm_recency, recency},
                                      {FittedAttribute::rfm_frequency, frequency},
                                      {FittedAttribute::rfm_money, money},
                                      {FittedAttribute::rfm_segment, segment, keys}}},
                         means.random);
  const std::string summary = to_json_text(scored.summary);
  means.database.write("rfm.summary", [&](store::Unit& unit) { keep_summary(unit, summary); });
}

bool run_rfm(const RfmMeans& means, base::Moment at) {
  const RfmPolicy policy = means.database.read(policy_of);
  const auto scored = score_everybody(means, policy, at);
  if (!scored) return false;
  const bool scored_before = !means.fitted.runs(timeline::FittedFamily::rfm).empty();
  if (scored->facts.empty() && !scored_before) return false;
  keep(means, *scored);
  return true;
}

bool is_rfm_due(const timeline::FittedValues& fitted, const base::Zone& zone, base::Moment now) {
  const auto runs = fitted.runs(timeline::FittedFamily::rfm);
  return runs.empty() || zone.day_of(runs.front().moment).days < zone.day_of(now).days;
}

}  // namespace lifecycle
