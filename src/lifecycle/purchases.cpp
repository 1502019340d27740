#include "lifecycle/purchases.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace lifecycle {
namespace {

// One person's, before days are put together.
struct Paid {
  std::int32_t day = 0;
  std::int64_t cents = 0;
};

std::int64_t cents_of(base::ValueType type, std::int64_t number) {
  switch (type) {
    case base::ValueType::money:
      return number;
    case base::ValueType::integer:
      return number * 100;
    case base::ValueType::decimal:
      return (number + (number < 0 ? -5'000 : 5'000)) / 10'000;
    case base::ValueType::text:
    case base::ValueType::boolean:
    case base::ValueType::time:
    case base::ValueType::date:
    case base::ValueType::text_list:
      return 0;
  }
  return 0;
}

std::int64_t cents_of(const base::Value* value) {
  if (value == nullptr) return 0;
  if (const auto* money = std::get_if<base::Money>(value)) return money->cents;
  if (const auto* whole = std::get_if<std::int64_t>(value)) return *whole * 100;
  if (const auto* decimal = std::get_if<base::Decimal>(value)) {
    return cents_of(base::ValueType::decimal, decimal->micros);
  }
  return 0;
}

// The rows of one block, as what they come to.
class BlockReading {
 public:
  BlockReading(const timeline::Pin& pin, const PurchaseQuestion& question)
      : pin_(pin), question_(question), days_(question.zone) {}

  Purchases read(std::size_t block);

 private:
  void read_stream(const timeline::Stream& stream, std::size_t row);
  void read_history(std::size_t block, std::size_t row);
  void take_refunds(const timeline::History& history, std::span<const timeline::EventAt> paid);
  std::optional<std::size_t> refunded_purchase(const timeline::History& history,
                                               std::span<const timeline::EventAt> paid,
                                               const timeline::EventAt& refund) const;
  void add(base::CustomerId person, Purchases& to) const;

  const timeline::Pin& pin_;
  const PurchaseQuestion& question_;
  base::DayReader days_;
  std::vector<Paid> paid_;  // of the person being read
};

Purchases BlockReading::read(std::size_t number) {
  Purchases read;
  const timeline::Block& block = pin_.block(number);
  const PurchaseSource& source = question_.source;
  timeline::Mentions mentions;
  mentions.events = {source.event};
  if (source.refund) mentions.events.push_back(source.refund);
  std::ranges::sort(mentions.events);
  timeline::RowMask by_history = pin_.changed(number, mentions);
  const timeline::Stream* refunds = source.refund ? block.events(source.refund) : nullptr;
  if (refunds != nullptr) by_history |= refunds->rows();
  const timeline::Stream* stream = block.events(source.event);
  pin_.rows(number).each([&](std::size_t row) {
    const base::CustomerId person = pin_.person(number, row);
    if (std::ranges::binary_search(question_.left_out, person)) return;
    paid_.clear();
    if (by_history.has(row)) {
      read_history(number, row);
    } else if (stream != nullptr && stream->rows().has(row)) {
      read_stream(*stream, row);
    }
    add(person, read);
  });
  return read;
}

void BlockReading::read_stream(const timeline::Stream& stream, std::size_t row) {
  const timeline::EntryRange range = stream.range(row);
  const timeline::ValueColumn* amounts = stream.column(question_.source.amount);
  for (std::uint32_t entry = range.begin; entry < range.end; ++entry) {
    const base::Moment time = stream.time(entry);
    if (time >= question_.until) break;
    std::int64_t cents = 0;
    if (amounts != nullptr && amounts->known(entry) && amounts->dictionary_size() == 0) {
      cents = cents_of(amounts->type(), amounts->number_of(amounts->code(entry)));
    }
    paid_.push_back({days_.day_of(time).days, cents});
  }
}

void BlockReading::read_history(std::size_t block, std::size_t row) {
  const auto history = pin_.history(block, row);
  const std::span<const timeline::EventAt> paid = history->events(question_.source.event);
  for (const timeline::EventAt& event : paid) {
    if (event.time >= question_.until) break;
    paid_.push_back({days_.day_of(event.time).days,
                     cents_of(history->property(event.order, question_.source.amount))});
  }
  if (question_.source.refund && !paid_.empty()) take_refunds(*history, paid.first(paid_.size()));
}

void BlockReading::take_refunds(const timeline::History& history,
                                std::span<const timeline::EventAt> paid) {
  for (const timeline::EventAt& refund : history.events(question_.source.refund)) {
    if (refund.time >= question_.until) break;
    const auto at = refunded_purchase(history, paid, refund);
    if (!at) continue;
    paid_[*at].cents -= cents_of(history.property(refund.order, question_.source.refund_amount));
  }
}

// The last payment of the same order before it, else the last payment before it.
std::optional<std::size_t> BlockReading::refunded_purchase(const timeline::History& history,
                                                           std::span<const timeline::EventAt> paid,
                                                           const timeline::EventAt& refund) const {
  const auto order_of = [&](const timeline::EventAt& event, base::PropertyId property) {
    return property ? history.property(event.order, property) : nullptr;
  };
  const base::Value* order = order_of(refund, question_.source.refund_order);
  std::optional<std::size_t> last;
  for (std::size_t i = paid.size(); i-- > 0;) {
    if (paid[i].order > refund.order) continue;
    if (!last) last = i;
    const base::Value* other = order_of(paid[i], question_.source.order);
    if (order != nullptr && other != nullptr && *order == *other) return i;
  }
  return last;
}

void BlockReading::add(base::CustomerId person, Purchases& to) const {
  if (paid_.empty()) return;
  to.people.push_back(person);
  const std::size_t begin = to.days.size();
  for (const Paid& each : paid_) {  // in the order of time
    if (to.days.size() == begin || to.days.back() != each.day) {
      to.days.push_back(each.day);
      to.cents.push_back(0);
    }
    to.cents.back() += each.cents;
  }
  to.begins.push_back(to.days.size());
}

// In the order of the people, whichever block they stand in.
Purchases joined(const std::vector<Purchases>& parts) {
  struct Place {
    base::CustomerId person;
    std::uint32_t part;
    std::uint32_t at;
  };
  std::vector<Place> places;
  std::size_t days = 0;
  for (std::uint32_t part = 0; part < parts.size(); ++part) {
    days += parts[part].days.size();
    for (std::uint32_t at = 0; at < parts[part].people.size(); ++at) {
      places.push_back({parts[part].people[at], part, at});
    }
  }
  std::ranges::sort(places, {}, &Place::person);
  Purchases all;
  all.people.reserve(places.size());
  all.begins.reserve(places.size() + 1);
  all.days.reserve(days);
  all.cents.reserve(days);
  for (const Place& place : places) {
    const Purchases& part = parts[place.part];
    all.people.push_back(place.person);
    std::ranges::copy(part.days_of(place.at), std::back_inserter(all.days));
    std::ranges::copy(part.cents_of(place.at), std::back_inserter(all.cents));
    all.begins.push_back(all.days.size());
  }
  return all;
}

base::PropertyId id_of(const event_log::EventType& type, std::string_view property) {
  const event_log::Property* found = type.find(property);
  return found == nullptr ? base::PropertyId{} : found->id;
}

}  // namespace

std::string_view code_of(SourceFault fault) {
  switch (fault) {
    case SourceFault::unknown_event:
      return "lifecycle.unknown_event";
    case SourceFault::unknown_amount:
      return "lifecycle.unknown_amount";
    case SourceFault::not_a_number:
      return "lifecycle.not_a_number";
  }
  return "";
}

base::Result<PurchaseSource, SourceFault> source_of(const event_log::EventTypes& types,
                                                    std::string_view event,
                                                    std::string_view amount) {
  const event_log::EventType* type = types.find(event);
  if (type == nullptr) return base::unexpected(SourceFault::unknown_event);
  const event_log::Property* property = type->find(amount);
  if (property == nullptr) return base::unexpected(SourceFault::unknown_amount);
  const bool is_number = property->type == base::ValueType::money ||
                         property->type == base::ValueType::decimal ||
                         property->type == base::ValueType::integer;
  if (!is_number) return base::unexpected(SourceFault::not_a_number);
  PurchaseSource source{.event = type->id, .amount = property->id};
  if (event != "order_paid" || amount != "amount") return source;
  source.order = id_of(*type, "order_id");
  const event_log::EventType* refund = types.find("order_refunded");
  if (refund == nullptr) return source;
  source.refund = refund->id;
  source.refund_amount = id_of(*refund, "amount");
  source.refund_order = id_of(*refund, "order_id");
  return source;
}

Purchases purchases_of(const timeline::Pin& pin, const PurchaseQuestion& question,
                       base::WorkPool& pool) {
  std::vector<Purchases> parts(pin.blocks());
  pool.run(
      pin.blocks(),
      [&](std::size_t block) { parts[block] = BlockReading(pin, question).read(block); },
      question.stop);
  return joined(parts);
}

}  // namespace lifecycle
