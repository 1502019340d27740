// Two customers turn out to be one person, and the way back.
//
// A merge writes one alias: the person made later (by created_at, then by id) goes into the older
// one. Nothing is moved: identities, events, attributes, tags, lists, consents keep the customer
// they were written on, and a person is read over all of them (README.md says how, thing by thing).
// Undoing deletes the alias; what was written on either side since then stays there. Merges are
// undone in any order: each is an edge of a tree whose root is the survivor.
//
// What a merge makes two of what must be one is listed for a person, not repaired. So are two who
// came with one phone and are told apart by their names (apart.h): these are not merged yet.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer/writing.h"

namespace customer {

inline constexpr std::size_t kMergedCustomersMax = 1000;  // in one person
inline constexpr std::size_t kReviewsMax = 1000;          // in one answer

struct Merged {
  base::CustomerId survivor;
  base::CustomerId gone;     // was the survivor of its own until now
  std::int64_t reviews = 0;  // rows made for a person to look at
};
[[nodiscard]] base::Result<Merged, Error> merge(Writing& writing, base::CustomerId one,
                                                base::CustomerId other);

// Undoes the merge in which `gone` went into another. not_merged: it did not, or has been undone.
[[nodiscard]] base::Result<Merged, Error> unmerge(Writing& writing, base::CustomerId gone);

// The alias alone, without an event: for the undo of an import, whose void events say it. Requires
// that `gone` is merged and its person locked.
void cut_alias(Writing& writing, base::CustomerId gone);

struct Alias {
  base::CustomerId gone;
  base::CustomerId into;
  base::Moment merged_at;
  std::string source;
  std::string by;
};
std::vector<Alias> merges_of(store::Session& session, base::CustomerId person);

// Two of what must be one, after a merge; or, not merged, two with one identity. `thing` is a
// stable word ("identity", "attribute"; later modules add theirs), `name` what it is about (the
// kind or attribute), never a value.
struct Review {
  std::int64_t id = 0;
  base::CustomerId survivor;
  base::CustomerId gone;
  std::string thing;
  std::string name;
  base::Moment listed_at;
  bool merged = true;
  std::optional<base::BatchId> batch = {};  // the import that opened it
};
// For modules above: called in the unit of the merge.
void list_for_review(Writing& writing, const Merged& merged, std::string_view thing,
                     std::string_view name);
// Open ones, in order of id, those behind `after`; of two not merged while they are two persons.
// `about`: those of this person only.
std::vector<Review> open_reviews(store::Session& session, std::int64_t after,
                                 base::CustomerId about = {});
// Open ones of the merge in which `gone` went into another.
std::vector<Review> open_reviews_of(store::Session& session, base::CustomerId gone);
// merge: they are one person, the merge is made or stays. keep_apart: they are two; a merge is
// undone, and of two that share an identity nobody asks again. Closes the review, audited; nothing:
// there is no such open one.
enum class Decision : std::uint8_t { merge, keep_apart };
std::string_view name_of(Decision decision);
std::optional<Decision> decision_named(std::string_view name);
[[nodiscard]] base::Result<std::optional<Review>, Error> decide(Writing& writing, std::int64_t id,
                                                                Decision decision);

// What was decided. Nobody's who has been erased since.
struct DecidedReview {
  Review review;            // gone: the customer it was about
  base::CustomerId person;  // who that is today
  Decision decision = Decision::merge;
  base::Moment decided_at;
  std::string by;  // rights::to_text of who decided
};
// Where a page of them ended.
struct DecidedMark {
  base::Moment decided_at;
  std::int64_t id = 0;
};
// Those behind `after`, or from the beginning, the latest first; kReviewsMax at most.
std::vector<DecidedReview> decided_reviews(store::Session& session,
                                           const std::optional<DecidedMark>& after);

}  // namespace customer
