// A rule as the API is given it, bound and ready to be asked.
#pragma once

#include <boost/json/array.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/call.h"
#include "audience/audience.h"
#include "audience/bind.h"
#include "audience/catalog.h"
#include "audience/question.h"

namespace api {

// The two ways a body may say it: text or tree, one of them.
struct RuleBody {
  std::optional<std::string> rule;
  std::optional<boost::json::object> tree;
};
audience::GivenRule given_rule(const RuleBody& body);

struct Asked {
  std::shared_ptr<const audience::BoundRule> rule;
  std::shared_ptr<const audience::Catalog> names;
  std::vector<base::CustomerId> left_out;  // marked as test accounts, ascending
  // Where it is one saved audience and nothing else: which, and the rule of that.
  struct Alone {
    base::AudienceId audience;
    std::shared_ptr<const audience::BoundRule> rule;
  };
  std::optional<Alone> alone = {};
};
// Bound as an ad-hoc question: unknown names are warnings. Refuses what is wrong.
Asked ask(Call& call, const RuleBody& body);

// Whom a body asks for: a rule in one of its two ways, or a saved audience.
struct WhoBody {
  RuleBody rule;
  std::optional<std::int64_t> audience;
};
// Nothing: everybody. Refuses more than one of them.
std::optional<Asked> ask_for(Call& call, const WhoBody& who);

// Everybody the caller sees but test accounts. Refers to what it is given.
audience::Question question_of(const Call& call, const Asked& asked, base::Moment at);

// As a question to wait for its turn. Refuses a reference that is none.
AskedQuestion asked_question(const Call& call, QuestionKind kind, const Asked& asked,
                             const std::optional<std::string>& reference);

// The same of everybody where nothing is asked.
AskedQuestion table_question(Call& call, QuestionKind kind, const std::optional<Asked>& asked,
                             const std::optional<std::string>& reference);

boost::json::array warnings_to_json(const audience::BoundRule& rule);
boost::json::array warnings_to_json(std::span<const audience::Warning> warnings);

}  // namespace api
