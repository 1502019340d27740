#include "ledger/ledger.h"

#include <string_view>
#include <utility>

#include "base/check.h"
#include "ledger/loading.h"
#include "ledger/rules.h"
#include "ledger/writing.h"

namespace ledger {
namespace {

Answer answer_of(store::Unit& unit, Request request, base::Moment now) {
  return std::move(post_all(unit, {&request, 1}, now).front());
}

DueAsked asked_by(std::span<const timer::Timer> due) {
  DueAsked asked;
  for (const timer::Timer& timer : due) {
    if (is_hold_key(timer.key)) {
      asked.holds.push_back(timer.key / kNamesPerBundle);
    } else {
      asked.lots.push_back({timer.key});
    }
  }
  return asked;
}

}  // namespace

std::vector<Answer> post_all(store::Unit& unit, std::span<const Request> requests,
                             base::Moment now) {
  CHECK(requests.size() <= kRequestsMax);
  Books books = load(unit, requests, now);
  Deciding deciding(books, now, next_number(unit));
  std::vector<Answer> answers;
  answers.reserve(requests.size());
  for (const Request& request : requests) answers.push_back(deciding.decide(request));
  write(unit, books, deciding.entries());
  return answers;
}

Answer post(store::Unit& unit, const Bundle& bundle, base::Moment now) {
  return answer_of(unit, bundle, now);
}

Answer commit(store::Unit& unit, const Commit& commit, base::Moment now) {
  return answer_of(unit, commit, now);
}

Answer release(store::Unit& unit, const Release& release, base::Moment now) {
  return answer_of(unit, release, now);
}

void Ends::lock(store::Unit& unit, std::span<const timer::Timer> due) {
  lock_due(unit, asked_by(due));
}

void Ends::fire(store::Unit& unit, std::span<const timer::Timer> due, base::Moment now) {
  static_assert(timer::kTimersAtOnce <= static_cast<std::size_t>(kNumbersPerUnit));
  Due found = load_due(unit, asked_by(due), now);
  Deciding deciding(found.books, now, next_number(unit));
  for (const std::string& hold : found.holds) deciding.expire(hold);
  for (const DueLot& lot : found.lots) deciding.write_off(lot.account, lot.lot, lot.expired);
  write(unit, found.books, deciding.entries());
}

}  // namespace ledger
