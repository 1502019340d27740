#include "audience/question.h"

#include <algorithm>
#include <utility>

#include "audience/evaluate.h"
#include "audience/everyone.h"
#include "audience/question_sql.h"
#include "customer/identity.h"

namespace audience {
namespace {

// Up to here one query a person is cheaper than reading the keys of all.
constexpr std::size_t kSingleKeysMax = 200;

// Calls `found` for every person the rule holds for.
template <typename Found>
bool visit_matching(const timeline::Histories& histories, const Question& question, Found found) {
  if (question.rule.matches_nobody()) return true;
  Progress progress{0, histories.persons()};
  bool stopped = false;
  histories.each([&](const timeline::History& history) {
    if (progress.visited % kProgressPersons == 0) {
      if (question.stop.stop_requested()) {
        stopped = true;
        return false;
      }
      if (question.progress && progress.visited > 0) question.progress(progress);
    }
    ++progress.visited;
    if (question.viewer.sees(history.customer()) && holds_at(question.rule, history, question.at)) {
      found(history.customer());
    }
    return true;
  });
  if (question.progress && !stopped) question.progress(progress);
  return !stopped;
}

// `persons` ascending.
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
  session.query(sql::kCustomerKeys, {}, [&](const store::Row& row) {
    const auto at =
        std::ranges::lower_bound(people, base::CustomerId{row.integer(0)}, {}, &Listed::person);
    const bool wanted = at != people.end() && at->person.value == row.integer(0);
    if (wanted && at->key.empty()) at->key = row.text(1);
  });
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

std::vector<Listed> list_all(store::Session& session, std::span<const base::CustomerId> persons) {
  std::vector<Listed> people = with_keys(session, persons);
  std::ranges::sort(people);
  return people;
}

bool is_mark(const std::string& after) { return listed_from(after).has_value(); }

ListPage list(store::Session& session, std::span<const base::CustomerId> persons,
              const ListCut& cut) {
  const std::vector<Listed> people = list_all(session, persons);
  auto begin = people.begin();
  if (cut.after) {
    if (const auto last = listed_from(*cut.after)) begin = std::ranges::upper_bound(people, *last);
  }
  const auto left = static_cast<std::size_t>(people.end() - begin);
  const std::size_t size = std::min(left, std::clamp<std::size_t>(cut.limit, 1, kListPageMax));
  ListPage page;
  page.people.assign(begin, begin + static_cast<std::ptrdiff_t>(size));
  if (size < left) page.next = cursor_of(page.people.back());
  return page;
}

}  // namespace audience
