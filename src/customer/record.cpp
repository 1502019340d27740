#include "customer/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "base/text.h"
#include "customer/name_index.h"
#include "customer/name_terms.h"
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

// What a phone would be looked up as, when the text could be the beginning of one.
std::string identity_form(std::string_view text) {
  if (const auto phone = normal_form(IdentityForm::phone, text)) return *phone;
  return normal_form(IdentityForm::plain, text).value_or(std::string());
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
}

// What an answer to one text is put together from.
class Finding {
 public:
  Finding(store::Session& session, const Search& search, std::size_t rows)
      : session_(session),
        search_(search),
        rows_(rows),
        form_(identity_form(search.text)),
        best_max_(std::min(rows, kBestMax)) {}

  Page page() {
    if (form_.empty()) return {};
    find_best();
    if (search_.after.empty()) page_.customers = best_;
    if (may_begin()) add_beginnings();
    return std::move(page_);
  }

 private:
  void find_best() {
    const auto found = [&](const store::Row& row) {
      take({{row.integer(0)}, {}, {row.integer(1)}});
    };
    const auto most = static_cast<std::int64_t>(best_max_);
    session_.query(sql::kCustomersByWholeIdentity, {form_, most}, found);
    if (const std::string tail = phone_tail(); !tail.empty()) {
      session_.query(sql::kCustomersByTail,
                     {tail.substr(tail.size() - kTailDigits), "%" + tail, most}, found);
    }
    find_names();
  }

  void find_names() {
    const NamePart asked{folded_name(search_.text), kTermsRead};
    for (const Named& each : named(session_, asked)) {
      if (best_.size() == best_max_) return;
      if (search_.names_masked &&
          (each.term != asked.part || !is_called(session_, each.person, asked.part))) {
        continue;
      }
      take({each.person, {}, each.created_at});
    }
  }

  void take(const Listed& listed) {
    if (best_.size() < best_max_ && seen_.insert(listed.person).second) best_.push_back(listed);
  }

  // Empty: the text is no end of a phone, or one that would tell what is masked.
  std::string phone_tail() const {
    const bool digits = is_digits(search_.text) && search_.text.find('+') == std::string::npos;
    if (!digits || search_.text.size() < kTailDigits) return {};
    if (search_.phones_masked && search_.text.size() > kTailDigits) return {};
    return std::string(search_.text.substr(0, kPhoneDigitsMax));
  }

  bool may_begin() const {
    return !search_.phones_masked || form_.size() <= kShownDigits || !is_digits(form_);
  }

  void add_beginnings() {
    const std::size_t room = rows_ - page_.customers.size();
    // Behind this no identity of the range is left out: kinds begin with 1.
    IdentityCursor cursor{form_, 0, {}};
    if (!search_.after.empty()) cursor = identity_cursor(search_.after).value_or(cursor);
    std::size_t read = 0;
    IdentityCursor last = cursor;
    session_.query(sql::kCustomersByIdentity,
                   {form_, behind(form_), cursor.normal, cursor.kind, cursor.account,
                    static_cast<std::int64_t>(room) + 1},
                   [&](const store::Row& row) {
                     if (++read > room) return;
                     if (seen_.insert({row.integer(3)}).second) {
                       page_.customers.push_back({{row.integer(3)}, {}, {row.integer(4)}});
                     }
                     last = {std::string(row.text(0)), row.integer(1), std::string(row.text(2))};
                   });
    if (read > room) page_.next = to_text(last);
  }

  static constexpr std::size_t kTailDigits = 4;    // what a mask shows of a phone's end,
  static constexpr std::size_t kShownDigits = 3;   // and of its beginning
  static constexpr std::size_t kTermsRead = 1000;  // several may be of one person

  store::Session& session_;
  const Search& search_;
  std::size_t rows_;
  std::string form_;
  std::size_t best_max_;
  Page page_;
  std::vector<Listed> best_;
  std::set<base::CustomerId> seen_;
};

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
  if (search.text.empty()) return newest_cursor(search.after).has_value();
  return identity_cursor(search.after).has_value();
}

Page list_customers(store::Session& session, const Search& search) {
  const std::size_t rows = std::clamp<std::size_t>(search.rows, 1, kPageRowsMax);
  Page page;
  if (search.text.empty()) {
    page = newest(session, search, rows);
  } else {
    page = Finding(session, search, rows).page();
  }
  for (Listed& listed : page.customers) listed.key = key_of(session, listed.person);
  return page;
}

}  // namespace customer
