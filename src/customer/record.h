// One customer's full current record, and the list of customers, for the API and the console.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "customer/static_list.h"
#include "customer/tag.h"

namespace customer {

inline constexpr std::size_t kPageRowsMax = 500;

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
  std::string_view prefix = {};  // of the normal form of any identity; empty: everybody
  std::string_view after = {};   // `next` of the page before
  std::size_t rows = 50;         // 1 … kPageRowsMax
};
// Whether `after` can be the `next` of such a search; empty is.
bool is_mark(const Search& search);
// Everybody: newest first. With a prefix: by identity; a person found by several of a page appears
// once on it. A prefix is looked up as typed and as a phone would be normalised. An `after` that is
// none of ours starts over.
Page list_customers(store::Session& session, const Search& search);

}  // namespace customer
