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
#include "customer/telling_identity.h"
#include "store/list_text.h"

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

// The next `rows` behind the cursor, of all or of those who are looked up.
std::vector<Listed> newest_rows(store::Session& session, const NewestCursor& cursor,
                                std::size_t rows, const rights::CustomerSet* looked_up) {
  std::vector<Listed> found;
  const auto add = [&](const store::Row& row) {
    found.push_back({{row.integer(0)}, {}, {row.integer(1)}});
  };
  const auto most = static_cast<std::int64_t>(rows);
  if (looked_up == nullptr) {
    session.query(sql::kNewestCustomers, {cursor.created_at, cursor.id, most}, add);
    return found;
  }
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  const std::string ids =
      store::list_text(session.dialect(), looked_up->customers(), &base::CustomerId::value);
  session.query(sqlite ? sql::kNewestOfSqlite : sql::kNewestOfPostgresql,
                {cursor.created_at, cursor.id, most, ids}, add);
  return found;
}

std::string to_text(const Listed& last) {
  return fmt::format("{}.{}", last.created_at.ms, last.person.value);
}

// Of many who are seen: the others are passed over.
Page newest_seen(store::Session& session, const Search& search, std::size_t rows) {
  NewestCursor cursor = newest_cursor(search.after).value_or(NewestCursor{});
  Page page;
  for (std::size_t read = 0; read < kRowsReadMax; read += kPageRowsMax) {
    const auto found = newest_rows(session, cursor, kPageRowsMax, nullptr);
    for (const Listed& listed : found) {
      if (!search.only->contains(listed.person)) continue;
      page.customers.push_back(listed);
      if (page.customers.size() < rows) continue;
      page.next = to_text(listed);
      return page;
    }
    if (found.size() < kPageRowsMax) return page;
    page.next = to_text(found.back());
    cursor = {found.back().created_at.ms, found.back().person.value};
  }
  return page;
}

Page newest(store::Session& session, const Search& search, std::size_t rows) {
  if (search.only != nullptr && search.only->customers().size() > kLookedUpMax) {
    return newest_seen(session, search, rows);
  }
  const NewestCursor cursor = newest_cursor(search.after).value_or(NewestCursor{});
  Page page{.customers = newest_rows(session, cursor, rows + 1, search.only), .next = {}};
  if (page.customers.size() > rows) {
    page.customers.resize(rows);
    page.next = to_text(page.customers.back());
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
        best_max_(std::min(rows, kBestMax)),
        read_max_(search.only == nullptr ? best_max_ : kRowsReadMax) {
    if (search.phones_masked) kinds_ = identity_kinds(session);
  }

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
    const auto most = static_cast<std::int64_t>(read_max_);
    session_.query(sql::kCustomersByWholeIdentity, {form_, most}, found);
    if (const std::string tail = phone_tail(); !tail.empty()) {
      session_.query(sql::kCustomersByTail,
                     {tail.substr(tail.size() - kTailDigits), "%" + tail, most}, found);
    }
    find_names();
  }

  void find_names() {
    const NamePart asked{folded_name(search_.text),
                         search_.only == nullptr ? kTermsRead : kRowsReadMax};
    for (const Named& each : named(session_, asked)) {
      if (best_.size() == best_max_) return;
      if (!sees(each.person)) continue;
      if (search_.names_masked &&
          (each.term != asked.part || !is_called(session_, each.person, asked.part))) {
        continue;
      }
      take({each.person, {}, each.created_at});
    }
  }

  bool sees(base::CustomerId person) const {
    return search_.only == nullptr || search_.only->contains(person);
  }

  void take(const Listed& listed) {
    if (!sees(listed.person)) return;
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
    // Behind this no identity of the range is left out: kinds begin with 1.
    IdentityCursor cursor{form_, 0, {}};
    if (!search_.after.empty()) cursor = identity_cursor(search_.after).value_or(cursor);
    Rest rest = Rest::unread;
    for (std::size_t read = 0; rest == Rest::unread && read < kRowsReadMax;) {
      const std::size_t room = passes_over() ? kPageRowsMax : rows_ - page_.customers.size();
      rest = add_beginnings_behind(cursor, room);
      read += room;
    }
    if (rest != Rest::none) page_.next = to_text(cursor);
  }

  bool is_full() const { return page_.customers.size() == rows_; }

  // Whether rows of the range may be nothing to the caller.
  bool passes_over() const { return search_.only != nullptr || search_.phones_masked; }

  // An identity that is shown masked is found by no part, but for the beginning that is shown.
  bool hides(const store::Row& row) {
    if (!search_.phones_masked) return false;
    const Telling told = told_by(kind_name({row.integer(1)}), row.text(0));
    if (told == Telling::nothing) return false;
    return told != Telling::phone || form_.size() > kShownDigits;
  }

  std::string_view kind_name(IdentityKindId id) const {
    const auto found = std::ranges::find(kinds_, id, &IdentityKind::id);
    return found == kinds_.end() ? std::string_view() : found->name;
  }

  enum class Rest : std::uint8_t { none, unread, there };

  // Moves the cursor over `room` rows or one more, no further than the page has room. What is
  // hidden is not there: it does not count as a rest either.
  Rest add_beginnings_behind(IdentityCursor& cursor, std::size_t room) {
    std::size_t read = 0;
    std::size_t taken = 0;
    Rest rest = Rest::none;
    IdentityCursor last = cursor;
    session_.query(sql::kCustomersByIdentity,
                   {form_, behind(form_), cursor.normal, cursor.kind, cursor.account,
                    static_cast<std::int64_t>(room) + 1},
                   [&](const store::Row& row) {
                     ++read;
                     if (rest == Rest::there) return;
                     if (!hides(row)) {
                       if (passes_over() ? is_full() : taken == room) {
                         rest = Rest::there;
                         return;
                       }
                       ++taken;
                       const base::CustomerId person{row.integer(3)};
                       if (sees(person) && seen_.insert(person).second) {
                         page_.customers.push_back({person, {}, {row.integer(4)}});
                       }
                     }
                     last = {std::string(row.text(0)), row.integer(1), std::string(row.text(2))};
                   });
    cursor = last;
    return rest == Rest::none && read > room ? Rest::unread : rest;
  }

  static constexpr std::size_t kTailDigits = 4;    // what a mask shows of a phone's end,
  static constexpr std::size_t kShownDigits = 3;   // and of its beginning
  static constexpr std::size_t kTermsRead = 1000;  // several may be of one person

  store::Session& session_;
  const Search& search_;
  std::size_t rows_;
  std::string form_;
  std::size_t best_max_;
  std::size_t read_max_;  // of whom the best are
  std::vector<IdentityKind> kinds_;
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

std::optional<std::string> called(std::span<const AttributeValue> attributes) {
  std::optional<std::size_t> best;
  std::optional<std::string> name;
  for (const AttributeValue& attribute : attributes) {
    const auto place = name_place(attribute.name);
    if (!place || !attribute.value || (best && *best < *place)) continue;
    const auto* text = std::get_if<std::string>(&*attribute.value);
    if (text == nullptr || text->empty()) continue;
    best = place;
    name = *text;
  }
  return name;
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
