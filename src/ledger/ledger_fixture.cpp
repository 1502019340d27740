#include "ledger/ledger_fixture.h"

#include <algorithm>
#include <charconv>

#include "ledger/proof.h"
#include "ledger/reading.h"
#include "timer/timer.h"

namespace ledger {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string spelled(const Answer& answer) {
  if (!answer) return std::string(code_of(answer.error()).substr(7));
  return std::string(name_of(answer->state)) + (answer->is_repeat ? " again" : "");
}

void LedgerFixture::SetUp() {
  DatabaseTest::SetUp();
  if (IsSkipped()) return;
  database().write("test.define", [&](store::Unit& unit) {
    const AssetIds ids{{1'000'001}, {1'000'002}, {1'000'003}};
    points_ = *define(unit, {"points", AssetKind::points, 0, {100'000}}, ids, kStart);
  });
  accounts_["expired"] = points_.expired;
  accounts_["adjusted"] = points_.adjusted;
}

LedgerAccountId LedgerFixture::open(const std::string& name, Flags flags, LedgerAccountId wanted) {
  const Opening opening{.key = {points_.id, "test", name, "main"},
                        .debt_allowed = flags == Flags::debt || flags == Flags::lots_and_debt,
                        .has_lots = flags == Flags::lots || flags == Flags::lots_and_debt,
                        .id = wanted ? wanted : LedgerAccountId{next_id_++},
                        .now = now_};
  const auto opened =
      database().write("test.open", [&](store::Unit& unit) { return open_account(unit, opening); });
  EXPECT_TRUE(opened) << name;
  accounts_[name] = *opened;
  return *opened;
}

// name±amount, and after it @second, <bundle, #lot
Posting LedgerFixture::posting(std::string_view text) const {
  const std::size_t sign = text.find_first_of("+-");
  Posting posting{.account = id(std::string(text.substr(0, sign))), .amount = 0, .lot = {}};
  const bool is_negative = text[sign] == '-';
  text.remove_prefix(sign + 1);
  posting.amount = is_negative ? -number_in(text) : number_in(text);
  const std::size_t more = text.find_first_of("@<#");
  if (more == std::string_view::npos) return posting;
  const std::string_view value = text.substr(more + 1);
  if (text[more] == '@') posting.expires = second(number_in(value));
  if (text[more] == '<') posting.refund_of = std::string(value);
  if (text[more] == '#') posting.lot = {number_in(value)};
  return posting;
}

Bundle LedgerFixture::bundle(std::string id, std::string_view text) const {
  Bundle made{.id = std::move(id), .why = "test:1", .transfers = {}};
  for (const std::string_view transfer : split(text, '|')) {
    made.transfers.emplace_back();
    for (const std::string_view each : split(transfer, ' ')) {
      made.transfers.back().postings.push_back(posting(each));
    }
  }
  return made;
}

std::string LedgerFixture::ask(const Request& request) {
  return database().write("test.ask", [&](store::Unit& unit) {
    return spelled(post_all(unit, {&request, 1}, now_).front());
  });
}

std::string LedgerFixture::post(std::string id, std::string_view text,
                                std::optional<base::Moment> effective_at) {
  Bundle made = bundle(std::move(id), text);
  made.effective_at = effective_at;
  return ask(made);
}

std::string LedgerFixture::hold(std::string id, std::string_view text, std::int64_t seconds) {
  Bundle made = bundle(std::move(id), text);
  made.held_for = {seconds * 1000};
  return ask(made);
}

std::string LedgerFixture::commit(std::string hold, std::vector<std::int64_t> amounts) {
  return ask(Commit{.hold = std::move(hold), .amounts = std::move(amounts)});
}

std::string LedgerFixture::release(std::string hold) { return ask(Release{std::move(hold)}); }

std::string LedgerFixture::balance(const std::string& name) {
  const Balance found = database().read(
      [&](store::Session& session) { return ledger::balance(session, id(name), now_); });
  const std::string text = std::to_string(found.posted);
  return found.held == 0 ? text : text + " held " + std::to_string(found.held);
}

std::string LedgerFixture::lots(const std::string& name) {
  const auto found =
      database().read([&](store::Session& session) { return lots_of(session, id(name), 1000); });
  std::string text;
  for (const LotLeft& each : found) {
    text += (text.empty() ? "" : " ") + std::to_string(each.lot.left);
    if (each.lot.expires == base::kMomentMax) continue;
    text += "@" + std::to_string((each.lot.expires - kStart).ms / 1000);
  }
  return text;
}

void LedgerFixture::tick() {
  Ends ends;
  timer::Runner runner(database(), {{"ledger", ends}});
  for (timer::Step step{.more = true}; step.more;) {
    step = runner.step(now_);
    EXPECT_EQ(step.set_aside, 0u);
  }
}

std::int64_t LedgerFixture::timers() {
  return *database().read([](store::Session& session) {
    return session.one("select count(*) from timer", {},
                       [](const store::Row& row) { return row.integer(0); });
  });
}

std::string LedgerFixture::wrong() {
  std::string text;
  for (const std::string& each : prove(database()).wrong) text += each + "; ";
  return text;
}

}  // namespace ledger
