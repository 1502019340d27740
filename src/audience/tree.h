// Rule <-> JSON tree: what the console edits as blocks. text -> tree -> text gives the same rule.
//
// Every node is an object with its `type`:
//
//   everyone   {"type":"everyone"}
//   and, or    {"type":"and","parts":[NODE, NODE, …]}            at least two
//   not        {"type":"not","part":NODE}
//   held       {"type":"held","part":NODE,"duration":"3d"}
//   compare    {"type":"compare","name":"age","comparison":">=","value":VALUE}
//   in         {"type":"in","name":"city","values":[VALUE, …]}
//   between    {"type":"between","name":"age","low":VALUE,"high":VALUE}
//   known      {"type":"known","name":"age","known":true}        false: is unknown
//   match      {"type":"match","name":"city","match":"contains","text":"海"}    starts_with,
//   ends_with window     {"type":"window","name":"seen","window":WINDOW}
//   anniversary{"type":"anniversary","name":"birthday","range":"next","duration":"7d"}   last;
//   today tag        {"type":"tag","tag":"等级/VIP"} any_tag    {"type":"any_tag","group":"等级"}
//   audience   {"type":"audience","audience":"核心"}              a saved one or a static list
//   consents   {"type":"consents","purpose":"marketing","channel":"sms"}        channel optional
//   identity   {"type":"identity","kind":"phone"}
//   relation   {"type":"relation","relation":"group","name":"…"}  follows, friend, coupon; no name:
//   any stage      {"type":"stage","model":"m","test":"=","stages":["x"]}           !=, in, known,
//   unknown balance    {"type":"balance","asset":"points","comparison":">","value":VALUE} did
//   {"type":"did","not":true,"event":"…","where":NODE,"measure":MEASURE,"window":WINDOW} first,last
//   {"type":"first","event":"…","where":NODE,"with":NODE,"window":WINDOW} sequence
//   {"type":"sequence","steps":[{"event":"…","where":NODE},
//               {"event":"…","where":NODE,"within":"1h","same":"sku"},
//               …],"then_not":STEP,"window":…}
//
//   VALUE      {"number":"12.50"} {"text":"上海"} {"bool":true} {"moment":"2026-01-31T08:00"}
//              {"date":"2026-01-31"} {"parameter":"entry"}
//   WINDOW     {"type":"in_last","duration":"30d"} in_next; {"type":"in_this","unit":"month"};
//              {"type":"in_previous","count":3,"unit":"day"}; {"type":"today"}, yesterday;
//              {"type":"between","from":VALUE,"to":VALUE}; {"type":"before","moment":VALUE}, since;
//              {"type":"from_to_ago","from":"30d","to":"7d"}
//   MEASURE    {"type":"times","comparison":">=","times":2};
//   {"type":"days","comparison":">=","days":3};
//              {"type":"sum","property":"amount","comparison":">","value":VALUE} avg, min, max,
//              distinct
//
// Numbers are texts, so that they stay as written. Ids stand beside names: "attribute_id",
// "event_id", "tag_id", "group_id", "audience_id", "list_id", "model_id", "stage_ids" (as many
// as "stages"). A node with an id means that id, whatever its name; leave it out to mean the name.
// Filters (where, with) hold and, or, not and the tests over a name alone. A chain inside a chain
// of the same connective is joined with it.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "audience/fault.h"
#include "audience/rule.h"
#include "base/result.h"

namespace audience {

boost::json::value to_tree(const Rule& rule);

// Strict: unknown members, missing ones, wrong types, texts that the language cannot spell and
// everything over a limit are errors. `path` of the error points at the place; its offset is 0.
[[nodiscard]] base::Result<Rule, RuleError> from_tree(const boost::json::value& tree);

// The same as JSON text, as the database holds it.
std::string to_tree_text(const Rule& rule);
[[nodiscard]] base::Result<Rule, RuleError> from_tree_text(std::string_view json);

}  // namespace audience
