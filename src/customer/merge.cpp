#include "customer/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/check.h"
#include "customer/attribute.h"
#include "customer/change.h"
#include "customer/known.h"
#include "customer/merge_sql.h"
#include "customer/person.h"

namespace customer {
namespace {

inline constexpr std::string_view kNameAttribute = "name";  // two names of one person are looked at

Alias alias_at(const store::Row& row) {
  return {{row.integer(0)},
          {row.integer(1)},
          {row.integer(2)},
          std::string(row.text(3)),
          std::string(row.text(4))};
}

std::optional<base::BatchId> batch_at(const store::Row& row, int column) {
  const auto batch = row.optional_integer(column);
  if (!batch) return std::nullopt;
  return base::BatchId{*batch};
}

Review review_at(const store::Row& row) {
  return {row.integer(0),           {row.integer(1)}, {row.integer(2)},    std::string(row.text(3)),
          std::string(row.text(4)), {row.integer(5)}, row.integer(6) != 0, batch_at(row, 7)};
}

std::int64_t merged_into(store::Session& session, base::CustomerId person) {
  return session
      .one(sql::kCountMerged, {person.value}, [](const store::Row& row) { return row.integer(0); })
      .value_or(0);
}

struct Pair {
  Customer older;
  Customer newer;
};

// Both persons locked. Nobody merges meanwhile, so who they are cannot change.
base::Result<Pair, Error> lock_both(Writing& writing, base::CustomerId one,
                                    base::CustomerId other) {
  store::Unit& unit = writing.unit();
  lock_merges(writing);
  const auto left = customer_with(unit, one);
  const auto right = customer_with(unit, other);
  if (!left || !right) return base::unexpected(Error{Fault::unknown_customer, {}});
  if (left->person == right->person) return base::unexpected(Error{Fault::same_person, {}});
  unit.lock({store::lock_key(left->person), store::lock_key(right->person)});
  const auto left_root = customer_with(unit, left->person);
  const auto right_root = customer_with(unit, right->person);
  if (!left_root || !right_root) return base::unexpected(Error{Fault::unknown_customer, {}});
  const bool left_is_older = std::pair(left_root->created_at, left_root->id) <
                             std::pair(right_root->created_at, right_root->id);
  return left_is_older ? Pair{*left_root, *right_root} : Pair{*right_root, *left_root};
}

std::optional<std::string> name_attribute(store::Session& session, base::CustomerId person) {
  for (const AttributeValue& value : attributes_of(session, person)) {
    if (value.name == kNameAttribute && value.value) return base::to_text(*value.value);
  }
  return std::nullopt;
}

// (thing, name) of everything both have and one person can have once only.
std::vector<std::pair<std::string, std::string>> twice(store::Session& session, const Pair& pair) {
  std::vector<std::pair<std::string, std::string>> found;
  session.query(
      sql::kTwiceOfAKind, {pair.older.id.value, pair.newer.id.value},
      [&](const store::Row& row) { found.emplace_back("identity", std::string(row.text(0))); });
  const auto older_name = name_attribute(session, pair.older.id);
  const auto newer_name = name_attribute(session, pair.newer.id);
  if (older_name && newer_name && *older_name != *newer_name) {
    found.emplace_back("attribute", std::string(kNameAttribute));
  }
  return found;
}

std::string key_text(base::CustomerId customer) { return fmt::format("c_{}", customer.value); }

// Every customer at or below `gone`, once its edge to the rest is cut: its aliases point to it.
std::vector<base::CustomerId> below(store::Session& session, base::CustomerId gone,
                                    base::CustomerId person) {
  std::multimap<base::CustomerId, base::CustomerId> children;
  session.query(sql::kAliasesOf, {person.value}, [&](const store::Row& row) {
    children.emplace(base::CustomerId{row.integer(1)}, base::CustomerId{row.integer(0)});
  });
  std::vector<base::CustomerId> reached = {gone};
  for (std::size_t at = 0; at < reached.size(); ++at) {
    const auto [from, to] = children.equal_range(reached[at]);
    for (auto child = from; child != to; ++child) reached.push_back(child->second);
  }
  reached.erase(reached.begin());
  return reached;
}

}  // namespace

namespace {

using Doubled = std::vector<std::pair<std::string, std::string>>;  // as twice() gives it

// Without listing what is doubled by it.
base::Result<std::pair<Merged, Doubled>, Error> join(Writing& writing, base::CustomerId one,
                                                     base::CustomerId other) {
  const auto pair = lock_both(writing, one, other);
  if (!pair) return base::unexpected(pair.error());
  store::Unit& unit = writing.unit();
  const base::CustomerId survivor = pair->older.id;
  const base::CustomerId gone = pair->newer.id;
  const auto customers = merged_into(unit, survivor) + merged_into(unit, gone) + 2;
  if (customers > static_cast<std::int64_t>(kMergedCustomersMax)) {
    return base::unexpected(Error{Fault::merge_too_large, {}});
  }
  const auto doubled = twice(unit, *pair);

  Change change{survivor, "customers_merged", writing.now(), {}};
  change.from = key_text(gone);
  change.to = key_text(survivor);
  change.ref = gone.value;
  if (const auto done = append(writing, change); !done) return base::unexpected(done.error());
  unit.execute(sql::kMovePerson, {gone.value, survivor.value});
  unit.execute(sql::kInsertAlias,
               {gone.value, survivor.value, writing.now().ms, std::string_view(writing.source()),
                std::string_view(writing.by()), store::param(batch_of(writing))});
  tell_persons_changed(writing, {survivor, gone});

  return std::pair(Merged{survivor, gone}, doubled);
}

}  // namespace

base::Result<Merged, Error> merge(Writing& writing, base::CustomerId one, base::CustomerId other) {
  auto joined = join(writing, one, other);
  if (!joined) return base::unexpected(std::move(joined.error()));
  auto& [merged, doubled] = *joined;
  for (const auto& [thing, name] : doubled) {
    list_for_review(writing, merged, thing, name);
    ++merged.reviews;
  }
  return merged;
}

base::Result<Merged, Error> unmerge(Writing& writing, base::CustomerId gone) {
  store::Unit& unit = writing.unit();
  lock_merges(writing);
  const auto person = writing.lock(gone);
  if (!person) return base::unexpected(person.error());
  const auto alias = unit.one(sql::kAliasOf, {gone.value}, alias_at);
  if (!alias) return base::unexpected(Error{Fault::not_merged, {}});

  Change change{alias->into, "customers_unmerged", writing.now(), {}};
  change.from = key_text(alias->into);
  change.to = key_text(gone);
  change.ref = gone.value;
  if (const auto done = append(writing, change); !done) return base::unexpected(done.error());
  cut_alias(writing, gone);
  return Merged{alias->into, gone};
}

void cut_alias(Writing& writing, base::CustomerId gone) {
  store::Unit& unit = writing.unit();
  const auto known = customer_with(unit, gone);
  CHECK(known && known->person != gone);
  // What went into `gone` before or since stays with it.
  for (const base::CustomerId customer : below(unit, gone, known->person)) {
    unit.execute(sql::kSetPerson, {customer.value, gone.value});
  }
  unit.execute(sql::kDeleteAlias, {gone.value});
  unit.execute(sql::kDeleteReviews, {gone.value});
  tell_persons_changed(writing, {known->person, gone});
}

std::vector<Alias> merges_of(store::Session& session, base::CustomerId person) {
  std::vector<Alias> aliases;
  session.query(sql::kAliasesOf, {person.value},
                [&](const store::Row& row) { aliases.push_back(alias_at(row)); });
  return aliases;
}

void list_for_review(Writing& writing, const Merged& merged, std::string_view thing,
                     std::string_view name) {
  lock_names(writing);
  writing.unit().execute(sql::kInsertReview,
                         {merged.survivor.value, merged.gone.value, thing, name, writing.now().ms,
                          std::int64_t{1}, store::param(batch_of(writing))});
}

std::vector<Review> open_reviews(store::Session& session, std::int64_t after,
                                 base::CustomerId about) {
  std::vector<Review> reviews;
  session.query(sql::kOpenReviews, {after, static_cast<std::int64_t>(kReviewsMax), about.value},
                [&](const store::Row& row) { reviews.push_back(review_at(row)); });
  return reviews;
}

std::vector<DecidedReview> decided_reviews(store::Session& session,
                                           const std::optional<DecidedMark>& after) {
  constexpr std::int64_t kNewest = std::numeric_limits<std::int64_t>::max();
  const DecidedMark mark = after.value_or(DecidedMark{{kNewest}, kNewest});
  std::vector<DecidedReview> reviews;
  session.query(sql::kDecidedReviews,
                {mark.decided_at.ms, mark.id, static_cast<std::int64_t>(kReviewsMax)},
                [&](const store::Row& row) {
                  const auto decision = decision_named(row.text(10));
                  CHECK(decision);
                  reviews.push_back({review_at(row),
                                     {row.integer(11)},
                                     *decision,
                                     {row.integer(8)},
                                     std::string(row.text(9))});
                });
  return reviews;
}

std::vector<Review> open_reviews_of(store::Session& session, base::CustomerId gone) {
  std::vector<Review> reviews;
  session.query(sql::kOpenReviewsOf, {gone.value, static_cast<std::int64_t>(kReviewsMax)},
                [&](const store::Row& row) { reviews.push_back(review_at(row)); });
  return reviews;
}

std::string_view name_of(Decision decision) {
  return decision == Decision::merge ? "merge" : "keep_apart";
}

std::optional<Decision> decision_named(std::string_view name) {
  for (const Decision decision : {Decision::merge, Decision::keep_apart}) {
    if (name_of(decision) == name) return decision;
  }
  return std::nullopt;
}

base::Result<std::optional<Review>, Error> decide(Writing& writing, std::int64_t id,
                                                  Decision decision) {
  store::Unit& unit = writing.unit();
  lock_merges(writing);
  const auto review = unit.one(sql::kOpenReview, {id}, review_at);
  if (!review) return std::optional<Review>();
  const auto closed = unit.execute(
      sql::kCloseReview, {id, writing.now().ms, std::string_view(writing.by()), name_of(decision)});
  CHECK(closed == 1);  // nobody else decides meanwhile
  audit(writing, {"merge_review", "decided", id, {}, std::string(name_of(decision))});
  if (!review->merged && decision == Decision::merge) {
    // Whoever decides has seen what both have.
    auto joined = join(writing, review->survivor, review->gone);
    if (!joined) return base::unexpected(std::move(joined.error()));
  }
  if (review->merged && decision == Decision::keep_apart) {
    auto undone = unmerge(writing, review->gone);
    if (!undone) return base::unexpected(std::move(undone.error()));
  }
  return review;
}

}  // namespace customer
