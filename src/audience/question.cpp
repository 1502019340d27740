#include "audience/question.h"

#include <algorithm>
#include <utility>

#include "audience/evaluate.h"
#include "audience/everyone.h"
#include "audience/question_sql.h"
#include "customer/identity.h"
#include "store/list_text.h"

namespace audience {
namespace {

// Up to here one query a person is cheaper than reading the keys of all.
constexpr std::size_t kSingleKeysMax = 200;
// Ids are random: the identities between two of them are nearly everybody's.
constexpr std::size_t kLookedUpKeysMax = 20'000;

// Who the customers left out belong to in these histories, ascending.
std::vector<base::CustomerId> persons_left_out(const timeline::Histories& histories,
                                               const Question& question) {
  std::vector<base::CustomerId> persons;
  for (const base::CustomerId customer : question.left_out) {
    if (const auto history = histories.of(customer)) persons.push_back(history->customer());
  }
  std::ranges::sort(persons);
  return persons;
}

// Calls `found` for every person the rule holds for.
template <typename Found>
bool visit_matching(const timeline::Histories& histories, const Question& question, Found found) {
  if (question.rule.matches_nobody()) return true;
  const std::vector<base::CustomerId> left_out = persons_left_out(histories, question);
  const auto is_asked = [&](base::CustomerId person) {
    return question.viewer.sees(person) && !std::ranges::binary_search(left_out, person);
  };
  Progress progress{0, histories.persons()};
  bool stopped = false;
  histories.each([&](const timeline::History& history) {
    if (progress.done % kProgressPersons == 0) {
      if (question.stop.stop_requested()) {
        stopped = true;
        return false;
      }
      if (question.progress && progress.done > 0) question.progress(progress);
    }
    ++progress.done;
    if (is_asked(history.customer()) && holds_at(question.rule, history, question.at)) {
      found(history.customer());
    }
    return true;
  });
  if (question.progress && !stopped) question.progress(progress);
  return !stopped;
}

// `persons` ascending, not empty.
std::vector<Listed> with_keys(store::Session& session, std::span<const base::CustomerId> persons) {
  std::vector<Listed> people;
  people.reserve(persons.size());
  if (persons.size() <= kSingleKeysMax) {
    for (const base::CustomerId person : persons) {
      people.push_back({customer::key_of(session, person), person});
    }
    return people;
  }
  for (const base::CustomerId person : persons) people.push_back({{}, person});
  const auto take = [&](const store::Row& row) {
    const auto at =
        std::ranges::lower_bound(people, base::CustomerId{row.integer(0)}, {}, &Listed::person);
    const bool wanted = at != people.end() && at->person.value == row.integer(0);
    if (wanted && at->key.empty()) at->key = row.text(1);
  };
  if (persons.size() <= kLookedUpKeysMax) {
    const bool sqlite = session.dialect() == store::Dialect::sqlite;
    session.query(sqlite ? sql::kKeysOfSqlite : sql::kKeysOfPostgresql,
                  {store::list_text(session.dialect(), persons, &base::CustomerId::value)}, take);
  } else {
    session.query(sql::kCustomerKeys, {persons.front().value, persons.back().value}, take);
  }
  for (Listed& listed : people) {
    if (listed.key.empty()) listed.key = "c_" + std::to_string(listed.person.value);
  }
  return people;
}

// "12:key": the last of a page.
std::string cursor_of(const Listed& listed) {
  return std::to_string(listed.person.value) + ":" + listed.key;
}

std::optional<Listed> listed_from(const std::string& cursor) {
  const std::size_t colon = cursor.find(':');
  if (colon == std::string::npos || colon > 18) return std::nullopt;
  if (cursor.find_first_not_of("0123456789") != colon) return std::nullopt;
  return Listed{cursor.substr(colon + 1), {std::stoll("0" + cursor.substr(0, colon))}};
}

}  // namespace

base::Result<std::vector<base::CustomerId>, QuestionFault> matching(
    const timeline::Histories& histories, const Question& question) {
  std::vector<base::CustomerId> persons;
  const bool whole = visit_matching(histories, question,
                                    [&](base::CustomerId person) { persons.push_back(person); });
  if (!whole) return base::unexpected(QuestionFault::stopped);
  return persons;
}

base::Result<std::int64_t, QuestionFault> count(const timeline::Histories& histories,
                                                const Question& question) {
  std::int64_t persons = 0;
  if (!visit_matching(histories, question, [&](base::CustomerId) { ++persons; })) {
    return base::unexpected(QuestionFault::stopped);
  }
  return persons;
}

base::Result<std::vector<base::CustomerId>, QuestionFault> matching(const timeline::Pin& pin,
                                                                    const Question& question,
                                                                    base::WorkPool& pool) {
  const auto rows = matching_rows(pin, question, pool);
  if (!rows) return base::unexpected(rows.error());
  std::vector<base::CustomerId> persons;
  for (std::size_t block = 0; block < rows->size(); ++block) {
    (*rows)[block].each([&](std::size_t row) { persons.push_back(pin.person(block, row)); });
  }
  std::ranges::sort(persons);
  return persons;
}

base::Result<std::int64_t, QuestionFault> count(const timeline::Pin& pin, const Question& question,
                                                base::WorkPool& pool) {
  const auto rows = matching_rows(pin, question, pool);
  if (!rows) return base::unexpected(rows.error());
  std::int64_t persons = 0;
  for (const timeline::RowMask& block : *rows) persons += static_cast<std::int64_t>(block.count());
  return persons;
}

bool is_mark(const std::string& after) { return listed_from(after).has_value(); }

base::Result<ListPage, QuestionFault> list(store::Session& session,
                                           std::span<const base::CustomerId> persons,
                                           const ListCut& cut) {
  const std::size_t limit = std::clamp<std::size_t>(cut.limit, 1, kListPageMax);
  const std::optional<Listed> last = cut.after ? listed_from(*cut.after) : std::nullopt;
  std::vector<Listed> first;  // the page and one more, of those looked at
  while (!persons.empty()) {
    if (cut.stop.stop_requested()) return base::unexpected(QuestionFault::stopped);
    const auto here = persons.first(std::min(kKeysAtOnce, persons.size()));
    persons = persons.subspan(here.size());
    for (Listed& listed : with_keys(session, here)) {
      if (!last || *last < listed) first.push_back(std::move(listed));
    }
    if (first.size() <= limit + 1) continue;
    std::ranges::nth_element(first, first.begin() + static_cast<std::ptrdiff_t>(limit));
    first.resize(limit + 1);
  }
  std::ranges::sort(first);
  ListPage page{.people = std::move(first), .next = {}};
  if (page.people.size() > limit) {
    page.people.pop_back();
    page.next = cursor_of(page.people.back());
  }
  return page;
}

}  // namespace audience
