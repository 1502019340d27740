// A question: who satisfies a rule at a moment. Counted or listed over every person a viewer sees.
//
// Over a pin of the memory columns it is answered from the columns by the threads of a pool
// (everyone.h); over Histories by the one evaluator, person by person (timeline::Histories::each):
// the slow twin with the same answers, which are those of explain(). Nothing is kept between
// questions. Nobody else decides who is looked at: the viewer's persons without those left out, on
// either way. The caller sees to it that what it wrote itself is visible (Histories::await). Any
// thread.
//
// After a request to stop every thread still ends its slice: one test of the rule for the persons
// of one block (timeline::kBlockRows), or one person where the evaluator is asked; over Histories
// kProgressPersons persons; of a list the keys of kKeysAtOnce persons. Nothing else is begun.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "access/viewer.h"
#include "audience/bind.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "base/work_pool.h"
#include "store/database.h"
#include "timeline/column_store.h"
#include "timeline/history.h"

namespace audience {

inline constexpr std::int64_t kProgressPersons = 1000;
inline constexpr std::size_t kListPageMax = 100'000;
inline constexpr std::size_t kKeysAtOnce = 50'000;  // read by one query

struct Profile;  // everyone.h

// How much is done of what the question is estimated to cost: over a pin a person counts for their
// events and kEventsPerRow (everyone.h), over Histories for one.
struct Progress {
  std::int64_t done = 0;
  std::int64_t total = 0;  // over Histories about: people come and go meanwhile
};

// Everything it refers to outlives the call.
struct Question {
  const BoundRule& rule;
  base::Moment at;
  const rights::Viewer& viewer;
  // Customers as written: whoever they belong to, in the histories asked, is in no answer. Test
  // accounts, as a rule; what a single person is asked (holds_at, explain) does not look at it.
  std::span<const base::CustomerId> left_out = {};
  // Over a pin: called after every block by the thread that has asked it, several at once, so that
  // an earlier count may come after a later one. Over Histories: every kProgressPersons persons and
  // once at the end.
  std::function<void(const Progress&)> progress = {};
  std::stop_token stop = {};
  // Filled when the question has been answered over a pin.
  Profile* profile = nullptr;
};

enum class QuestionFault : std::uint8_t { stopped };

// The persons (survivors), ascending by id. A rule that matches nobody visits nobody.
[[nodiscard]] base::Result<std::vector<base::CustomerId>, QuestionFault> matching(
    const timeline::Histories& histories, const Question& question);
[[nodiscard]] base::Result<std::int64_t, QuestionFault> count(const timeline::Histories& histories,
                                                              const Question& question);

[[nodiscard]] base::Result<std::vector<base::CustomerId>, QuestionFault> matching(
    const timeline::Pin& pin, const Question& question, base::WorkPool& pool);
[[nodiscard]] base::Result<std::int64_t, QuestionFault> count(const timeline::Pin& pin,
                                                              const Question& question,
                                                              base::WorkPool& pool);

struct Listed {
  std::string key;  // the customer key
  base::CustomerId person;
  friend auto operator<=>(const Listed&, const Listed&) = default;
};
struct ListPage {
  std::vector<Listed> people;       // by key in byte order, then by id
  std::optional<std::string> next;  // `after` of the next page; nothing: this was the last
};
struct ListCut {
  std::size_t limit = 1000;  // 1 … kListPageMax, else brought into it
  // `next` of the page before: stays right when people come and go. Any text is safe.
  std::optional<std::string> after = std::nullopt;
  std::stop_token stop = {};
};
// Whether it can be the `next` of a page.
bool is_mark(const std::string& after);
// `persons` ascending. Reads the keys of all, but holds those of two pages and of kKeysAtOnce
// persons. Errors: stopped.
[[nodiscard]] base::Result<ListPage, QuestionFault> list(store::Session& session,
                                                         std::span<const base::CustomerId> persons,
                                                         const ListCut& cut);

}  // namespace audience
