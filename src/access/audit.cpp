#include "access/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "access/audit_sql.h"
#include "access/secret.h"
#include "base/check.h"

namespace rights {
namespace {

constexpr std::size_t kIdCharacters = 28;  // 12 + 6 + 10

// Time, then the order of recording in this process, then a digest that keeps processes apart.
std::string id_of(const AuditEntry& entry) {
  static std::atomic<std::uint32_t> last_number = 0;
  const std::uint32_t number = ++last_number & 0xffffff;
  const std::string content = to_text(entry.actor) + '\0' + entry.noun + '\0' + entry.verb + '\0' +
                              entry.subject + '\0' + entry.before.value_or("") + '\0' +
                              entry.after.value_or("");
  return fmt::format("{:012x}{:06x}{}", std::max<std::int64_t>(entry.at.ms, 0), number,
                     hash_of(content).substr(0, 10));
}

std::string bounded(const std::string& json) {
  if (json.size() <= kAuditJsonBytesMax) return json;
  return fmt::format(R"({{"left_out_bytes":{}}})", json.size());
}

store::Param text_or_null(const std::optional<std::string>& text) {
  return text ? store::Param(std::string_view(*text)) : store::Param(std::monostate{});
}

std::optional<std::string> text_at(const store::Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}

AuditEntry entry_of(const store::Row& row) {
  AuditEntry entry;
  entry.id = row.text(0);
  entry.at = base::Moment{row.integer(1)};
  entry.actor.kind = actor_kind_named(row.text(2)).value_or(ActorKind::system);
  entry.actor.id = row.integer(3);
  entry.actor.name = row.text(4);
  entry.actor.from = row.text(5);
  entry.noun = row.text(6);
  entry.verb = row.text(7);
  entry.subject = row.text(8);
  if (!row.is_null(9)) entry.customer = base::CustomerId{row.integer(9)};
  entry.before = text_at(row, 10);
  entry.after = text_at(row, 11);
  return entry;
}

// The newest among those in the page already and these, at most cut.limit of them.
void add_entries(store::Session& session, const AuditFilter& filter, const AuditCut& cut,
                 std::optional<base::CustomerId> customer, AuditPage& page) {
  std::optional<std::string> actor_kind;
  if (filter.actor_kind) actor_kind = std::string(name_of(*filter.actor_kind));
  std::optional<std::int64_t> customer_id, from, to;
  if (customer) customer_id = customer->value;
  if (filter.from) from = filter.from->ms;
  if (filter.to) to = filter.to->ms;
  session.query(sql::kSelectPage,
                {text_or_null(filter.noun), text_or_null(filter.subject), text_or_null(actor_kind),
                 store::param(filter.actor_id), store::param(customer_id), store::param(from),
                 store::param(to), text_or_null(cut.after), text_or_null(filter.verb),
                 static_cast<std::int64_t>(cut.limit)},
                [&](const store::Row& row) { page.entries.push_back(entry_of(row)); });
  std::ranges::sort(page.entries, std::greater{}, &AuditEntry::id);
  if (page.entries.size() > cut.limit) page.entries.resize(cut.limit);
}

}  // namespace

bool is_recorded(store::Session& session, const AuditEntry& entry) {
  return session
      .one(sql::kIsRecorded,
           {entry.noun, entry.subject, entry.verb, name_of(entry.actor.kind), entry.actor.id},
           [](const store::Row&) { return true; })
      .has_value();
}

void record(store::Unit& unit, const AuditEntry& entry) {
  CHECK(!entry.noun.empty() && !entry.verb.empty());
  const std::string id = id_of(entry);
  std::optional<std::string> before, after;
  if (entry.before) before = bounded(*entry.before);
  if (entry.after) after = bounded(*entry.after);
  std::optional<std::int64_t> customer;
  if (entry.customer) customer = entry.customer->value;
  unit.execute(sql::kInsertEntry,
               {id, entry.at.ms, name_of(entry.actor.kind), entry.actor.id, entry.actor.name,
                entry.actor.from, entry.noun, entry.verb, entry.subject, store::param(customer),
                text_or_null(before), text_or_null(after)});
}

std::int64_t erase_audit(store::Unit& unit, base::CustomerId customer) {
  return unit.execute(sql::kEraseCustomer, {customer.value});
}

bool is_mark(std::string_view after) {
  return after.size() == kIdCharacters &&
         after.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

AuditPage read_audit(store::Session& session, const AuditFilter& filter, const AuditCut& cut) {
  const std::size_t limit = std::clamp<std::size_t>(cut.limit, 1, kAuditPageMax);
  AuditPage page;
  if (filter.customers.empty()) add_entries(session, filter, {limit + 1, cut.after}, {}, page);
  // A person is few customers, each with its place in the index.
  for (const base::CustomerId customer : filter.customers) {
    add_entries(session, filter, {limit + 1, cut.after}, customer, page);
  }
  if (page.entries.size() > limit) {
    page.entries.pop_back();
    page.next = page.entries.back().id;
  }
  return page;
}

}  // namespace rights
