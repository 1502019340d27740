#include "customer/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "base/text.h"
#include "customer/normal_form.h"
#include "customer/person.h"
#include "customer/record_sql.h"

namespace customer {
namespace {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
inline constexpr std::size_t kCursorBytesMax = 2 * (kIdentityBytesMax + kAccountBytesMax) + 64;

std::optional<std::int64_t> integer_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "1700000000000.12": the row behind which the next page begins.
struct NewestCursor {
  std::int64_t created_at = kNever;
  std::int64_t id = kNever;
};
std::optional<NewestCursor> newest_cursor(std::string_view text) {
  if (text.empty()) return NewestCursor{};
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto created_at = integer_from(text.substr(0, dot));
  const auto id = integer_from(text.substr(dot + 1));
  if (!created_at || !id) return std::nullopt;
  return NewestCursor{*created_at, *id};
}

// "kind.<hex of normal>.<hex of account>".
struct IdentityCursor {
  std::string normal;
  std::int64_t kind = 0;
  std::string account;
};
std::string to_text(const IdentityCursor& cursor) {
  const auto hex = [](const std::string& text) {
    return base::to_hex(std::as_bytes(std::span(text.data(), text.size())));
  };
  return fmt::format("{}.{}.{}", cursor.kind, hex(cursor.normal), hex(cursor.account));
}
std::optional<IdentityCursor> identity_cursor(std::string_view text) {
  if (text.empty()) return IdentityCursor{};
  if (text.size() > kCursorBytesMax) return std::nullopt;
  const auto first = text.find('.');
  const auto second = text.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto kind = integer_from(text.substr(0, first));
  const auto normal = base::from_hex(text.substr(first + 1, second - first - 1));
  const auto account = base::from_hex(text.substr(second + 1));
  if (!kind || !normal || !account || !base::is_utf8(*normal) || !base::is_utf8(*account)) {
    return std::nullopt;
  }
  if (normal->find('\0') != std::string::npos || account->find('\0') != std::string::npos) {
    return std::nullopt;
  }
  return IdentityCursor{*normal, *kind, *account};
}

// Every text that begins with `prefix` lies before this one: U+10FFFF is no character.
std::string behind(const std::string& prefix) { return prefix + "\U0010ffff"; }

Page newest(store::Session& session, const Search& search, std::size_t rows) {
  const NewestCursor cursor = newest_cursor(search.after).value_or(NewestCursor{});
  Page page;
  session.query(sql::kNewestCustomers,
                {cursor.created_at, cursor.id, static_cast<std::int64_t>(rows) + 1},
                [&](const store::Row& row) {
                  page.customers.push_back({{row.integer(0)}, {}, {row.integer(1)}});
                });
  if (page.customers.size() > rows) {
    page.customers.resize(rows);
    const Listed& last = page.customers.back();
    page.next = fmt::format("{}.{}", last.created_at.ms, last.person.value);
  }
  return page;
}

// What a phone would be looked up as, when the prefix could be the beginning of one.
std::string prefix_form(std::string_view prefix) {
  if (const auto phone = normal_form(IdentityForm::phone, prefix)) return *phone;
  return normal_form(IdentityForm::plain, prefix).value_or(std::string());
}

}  // namespace

std::optional<Record> record_of(store::Session& session, base::CustomerId customer) {
  const auto known = customer_with(session, customer);
  if (!known) return std::nullopt;
  const auto survivor = customer_with(session, known->person);
  if (!survivor) return std::nullopt;
  Record record;
  record.person = survivor->id;
  record.key = key_of(session, survivor->id);
  record.created_at = survivor->created_at;
  record.identities = identities_of(session, survivor->id);
  record.attributes = attributes_of(session, survivor->id);
  record.tags = tags_of(session, survivor->id);
  record.lists = lists_of(session, survivor->id);
  record.consents = consents_of(session, survivor->id);
  record.merges = merges_of(session, survivor->id);
  return record;
}

bool is_mark(const Search& search) {
  if (search.prefix.empty()) return newest_cursor(search.after).has_value();
  return identity_cursor(search.after).has_value();
}

Page list_customers(store::Session& session, const Search& search) {
  const std::size_t rows = std::clamp<std::size_t>(search.rows, 1, kPageRowsMax);
  Page page;
  if (search.prefix.empty()) {
    page = newest(session, search, rows);
  } else {
    const std::string prefix = prefix_form(search.prefix);
    if (prefix.empty()) return page;
    const std::string end = behind(prefix);
    const IdentityCursor cursor = identity_cursor(search.after).value_or(IdentityCursor{});
    std::set<base::CustomerId> seen;
    std::size_t read = 0;
    session.query(sql::kCustomersByIdentity,
                  {prefix, end, cursor.normal, cursor.kind, cursor.account,
                   static_cast<std::int64_t>(rows) + 1},
                  [&](const store::Row& row) {
                    if (++read > rows) return;
                    if (seen.insert({row.integer(3)}).second) {
                      page.customers.push_back({{row.integer(3)}, {}, {row.integer(4)}});
                    }
                    if (read == rows) {
                      page.next = to_text(IdentityCursor{std::string(row.text(0)), row.integer(1),
                                                         std::string(row.text(2))});
                    }
                  });
    if (read <= rows) page.next.clear();
  }
  for (Listed& listed : page.customers) listed.key = key_of(session, listed.person);
  return page;
}

}  // namespace customer
