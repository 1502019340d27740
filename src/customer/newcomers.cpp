#include "customer/newcomers.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "customer/attribute_writing.h"
#include "customer/change.h"
#include "customer/checked_identity.h"
#include "customer/name_index.h"
#include "customer/name_terms.h"
#include "customer/new_rows.h"
#include "store/failure.h"

namespace customer {
namespace {

// A newcomer whose identities and times are in order.
struct Candidate {
  std::size_t index;
  base::Moment created_at;
  base::Moment since;
  std::vector<CheckedIdentity> identities;  // the first is the one they are named by
};

// What identities are equal by. No part of it holds U+001F.
std::string text_of(const CheckedIdentity& identity) {
  return std::to_string(identity.kind.id.value) + '\x1F' + identity.account + '\x1F' +
         identity.normal;
}

std::optional<CheckedIdentity> in_order(Writing& writing, const IdentityRef& given) {
  const IdentityKind* kind = known_kind(writing, given.kind);
  if (kind == nullptr || !given.account.empty()) return std::nullopt;
  auto identity = checked_as(*kind, given);
  if (!identity || is_record_key(*identity)) return std::nullopt;
  return std::move(*identity);
}

class Newcomers {
 public:
  Newcomers(Writing& writing, std::span<const Newcomer> given) : writing_(writing), given_(given) {}

  base::Result<std::vector<bool>, NewcomerError> make() {
    find_candidates();
    leave_those_known();
    std::vector<bool> made(given_.size());
    for (const Candidate& each : candidates_) made[each.index] = true;
    if (candidates_.empty()) return made;
    if (auto told = tell(); !told) return base::unexpected(std::move(told.error()));
    claim_identities();
    auto positions = append_all(writing_, changes_);
    if (!positions) {
      const std::size_t index = owners_[positions.error().index];
      return base::unexpected(NewcomerError{index, std::move(positions.error().error)});
    }
    write(*positions);
    return made;
  }

 private:
  void find_candidates() {
    std::unordered_map<std::string, std::size_t> times;  // that an identity is said
    for (std::size_t i = 0; i < given_.size(); ++i) {
      if (auto candidate = candidate_at(i, times)) candidates_.push_back(std::move(*candidate));
    }
    std::erase_if(candidates_, [&](const Candidate& each) {
      return std::ranges::any_of(each.identities, [&](const CheckedIdentity& identity) {
        return times.at(text_of(identity)) > 1;
      });
    });
  }

  // Counts the identities of every newcomer, whether they can be made here or not.
  std::optional<Candidate> candidate_at(std::size_t index,
                                        std::unordered_map<std::string, std::size_t>& times) {
    const Newcomer& given = given_[index];
    CHECK(given.fresh);
    const auto created_at = time_of(writing_, given.created_at);
    const auto since = time_of(writing_, given.since);
    bool fine = created_at && since && given.values.size() <= kAttributesAtOnceMax &&
                given.identities.size() < kIdentitiesMax;
    Candidate candidate{
        index, created_at ? *created_at : base::Moment{}, since ? *since : base::Moment{}, {}};
    const auto take = [&](const IdentityRef& identity) {
      auto checked = in_order(writing_, identity);
      fine = fine && checked;
      if (!checked) return;
      ++times[text_of(*checked)];
      candidate.identities.push_back(std::move(*checked));
    };
    take(given.named_by);
    for (const IdentityRef& identity : given.identities) take(identity);
    if (!fine) return std::nullopt;
    return candidate;
  }

  void leave_those_known() {
    struct Asked {
      std::vector<std::string> normals;
      std::vector<std::size_t> candidates;  // of each
    };
    std::map<IdentityKindId, Asked> asked;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      for (const CheckedIdentity& identity : candidates_[i].identities) {
        Asked& of_kind = asked[identity.kind.id];
        of_kind.normals.push_back(identity.normal);
        of_kind.candidates.push_back(i);
      }
    }
    std::vector<bool> known(candidates_.size());
    for (const auto& [kind, of_kind] : asked) {
      const auto found = find_normals(writing_.unit(), kind, of_kind.normals);
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i]) known[of_kind.candidates[i]] = true;
      }
    }
    std::size_t at = 0;
    std::erase_if(candidates_, [&](const Candidate&) { return known[at++]; });
  }

  // What the log is told, customer after customer.
  base::Result<void, NewcomerError> tell() {
    for (const Candidate& each : candidates_) {
      const Newcomer& given = given_[each.index];
      add({given.fresh, "customer_created", each.created_at, {}}, each);
      for (const CheckedIdentity& identity : each.identities) {
        const bool is_first = &identity == each.identities.data();
        const base::Moment since = is_first ? each.created_at : each.since;
        add(added(identity, given.fresh, since), each);
        identities_.push_back({&identity, given.fresh, since});
      }
      auto attributes = AttributeWriting::of_newcomer(writing_, given.fresh);
      for (const NewValue& value : given.values) {
        if (auto taken = attributes.take(value); !taken) {
          return base::unexpected(NewcomerError{each.index, std::move(taken.error())});
        }
      }
      for (ValueChange& change : attributes.changes()) {
        places_.push_back(changes_.size());
        add(change.change, each);
        values_.push_back(std::move(change));
      }
    }
    return {};
  }

  void add(Change change, const Candidate& owner) {
    changes_.push_back(std::move(change));
    owners_.push_back(owner.index);
  }

  void claim_identities() {
    // One order for everybody, and neighbours in the index one after the other.
    std::ranges::sort(identities_, {}, [](const NewIdentity& each) {
      return std::pair(each.identity->kind.id, std::string_view(each.identity->normal));
    });
    const std::vector<bool> given = claim(writing_, identities_);
    if (std::ranges::find(given, false) != given.end()) {
      throw store::Failure(store::FailureKind::serialization, "an identity came meanwhile");
    }
  }

  void write(std::span<const event_log::Position> positions) {
    std::vector<NewCustomer> customers;
    for (const Candidate& each : candidates_) {
      customers.push_back({given_[each.index].fresh, each.created_at});
    }
    insert_customers(writing_, customers);
    std::vector<event_log::Position> of_values;
    for (const std::size_t place : places_) of_values.push_back(positions[place]);
    if (!values_.empty()) store_values(writing_, values_, of_values);
    add_names(writing_.unit(), names());
  }

  // As they stand: of several changes of one attribute the last.
  std::vector<CustomerName> names() const {
    std::map<std::pair<base::CustomerId, std::int64_t>, const Change*> last;
    for (const auto& [change, raw, type] : values_) {
      if (type != base::ValueType::text || !is_name(change.changed)) continue;
      const Change*& at = last[{change.customer, change.ref}];
      if (at == nullptr || at->time <= change.time) at = &change;
    }
    std::vector<CustomerName> names;
    for (const auto& [key, change] : last) {
      if (change->to) names.push_back({change->customer, *change->to});
    }
    return names;
  }

  Writing& writing_;
  std::span<const Newcomer> given_;
  std::vector<Candidate> candidates_;
  std::vector<NewIdentity> identities_;
  std::vector<Change> changes_;
  std::vector<std::size_t> owners_;  // of each change: whose it is, by index
  std::vector<ValueChange> values_;
  std::vector<std::size_t> places_;  // of each of them among the changes
};

}  // namespace

base::Result<std::vector<bool>, NewcomerError> make_newcomers(Writing& writing,
                                                              std::span<const Newcomer> newcomers) {
  return Newcomers(writing, newcomers).make();
}

}  // namespace customer
