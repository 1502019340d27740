// One customer's full current record, and the list of customers, for the API and the console.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/viewer.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "customer/static_list.h"
#include "customer/tag.h"

namespace customer {

inline constexpr std::size_t kPageRowsMax = 500;
inline constexpr std::size_t kBestMax = 50;  // found by more than the beginning of an identity
// Rows read for one page of somebody who does not see all; a page may end there, with a `next`.
inline constexpr std::size_t kRowsReadMax = 200'000;
// Of so many persons and fewer each is looked up, of more the unseen are passed over.
inline constexpr std::size_t kLookedUpMax = 20'000;

struct Record {
  base::CustomerId person;
  std::string key;
  base::Moment created_at;
  std::vector<Identity> identities;
  std::vector<AttributeValue> attributes;
  std::vector<TagOn> tags;
  std::vector<ListOn> lists;
  std::vector<Consent> consents;
  std::vector<Alias> merges;  // the customers merged into this person
};
// `customer` may be merged away: the record is the person's. Nothing: unknown or erased.
std::optional<Record> record_of(store::Session& session, base::CustomerId customer);

// What somebody with these attributes is called: the value of the first of name_attributes.tsv that
// is a text and not empty. Nothing: no name is known.
std::optional<std::string> called(std::span<const AttributeValue> attributes);

struct Listed {
  base::CustomerId person;
  std::string key;
  base::Moment created_at;
};
struct Page {
  std::vector<Listed> customers;
  std::string next;  // to be given as `after`; empty: the last page
};
struct Search {
  std::string_view text = {};   // what somebody typed; empty: everybody
  std::string_view after = {};  // `next` of the page before
  std::size_t rows = 50;        // 1 … kPageRowsMax
  // Who sees phones or names masked finds by them what they know as a whole, not piece by piece.
  bool phones_masked = false;
  bool names_masked = false;
  const rights::CustomerSet* only = nullptr;  // nobody else is found; null: everybody
};
// Whether `after` can be the `next` of such a search; empty is.
bool is_mark(const Search& search);
// Everybody: newest first. With a text the best first:
//   1. an identity that is the text (a phone in any spelling)
//   2. a phone that ends with it: four digits or more (kind phone)
//   3. a name with a part, or the pinyin or initials of a part, that begins with it; the whole
//   first
//   4. identities that begin with it, in byte order, page by page
// Of 1 to 3 at most kBestMax, each a range of an index. A person appears once on a page, and one of
// 1 to 3 once on all pages of one `rows`. An `after` that is none of ours starts over.
//
// phones_masked: of a phone its ends as a mask shows them and the whole find somebody, of all else
// that tells something (telling_identity.h) the whole; a text of more than three digits is no
// beginning of an identity then, of whatever kind. names_masked: a name is found as a whole.
Page list_customers(store::Session& session, const Search& search);

}  // namespace customer
