// The golden cases of the rule language as they lie in a folder of oracles: rules/cases.json.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"

namespace golden {

// Names with their types, in the order of the file.
using Types = std::vector<std::pair<std::string, base::ValueType>>;

// Every name the workspace knows.
struct Declares {
  Types attributes;
  std::vector<std::pair<std::string, Types>> events;
  std::vector<std::pair<std::string, std::string>> tags;  // group, name

  friend auto operator<=>(const Declares&, const Declares&) = default;
};

// Texts of moments are as written; values are raw, so that one of the wrong type arrives as such.
struct PastEvent {
  std::string name;
  std::string time;
  std::vector<std::pair<std::string, boost::json::value>> properties;
};
struct PastAttribute {
  std::string name;
  boost::json::value value;
  std::string since;
};
struct PastTag {
  std::string group;
  std::string name;
  std::string since;
  std::optional<std::string> until;
};
struct Past {
  std::optional<std::string> known_since;
  std::vector<PastEvent> events;  // in log order
  std::vector<PastAttribute> attributes;
  std::vector<PastTag> tags;
};

struct RuleCase {
  std::string id;
  std::string zone;
  Declares declares;
  Past past;
  std::string rule;
  std::string at;
  bool answer = false;
  std::optional<std::string> next_change;
  std::string why;
};

// A text that is refused; with `declares` it is grammatical and refused for its names or types.
struct RefusedCase {
  std::string rule;
  std::optional<std::size_t> offset;  // nothing: only the refusal is checked
  std::string hint;                   // of the code, not its name
  std::optional<Declares> declares;
};

struct CanonicalCase {
  std::string input;
  std::string canonical;
};

struct Cases {
  std::vector<RuleCase> rules;
  std::vector<RefusedCase> refused;
  std::vector<CanonicalCase> canonical;
};

// The folder named by SIYU_ORACLES, else the one beside the repository.
std::string oracles_folder();

// Nothing when the folder has no rules/cases.json. A file of another form ends the program with a
// message: it is the test's own input.
std::optional<Cases> read_cases(const std::string& folder);

}  // namespace golden
