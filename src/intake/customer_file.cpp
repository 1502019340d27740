#include "intake/customer_file.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "customer/apart.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/tag.h"
#include "intake/customer_key.h"
#include "intake/customer_row.h"
#include "intake/import_batch.h"
#include "intake/two_readings.h"
#include "log/rows.h"

namespace intake {
namespace {

// What became of one row.
struct RowOutcome {
  bool created = false;
  bool changed = false;
  std::int64_t reviews = 0;  // opened
};
using Outcomes = std::vector<RowOutcome>;

// The rows of a chunk that cannot be written after all, by index.
using Refusals = std::map<std::size_t, customer::Fault>;

// A customer at a moment.
using CustomerMoment = std::pair<base::CustomerId, base::Moment>;
// What history has there: (attribute, value or raw text).
using Known = std::vector<std::pair<std::int64_t, std::string>>;

// What history has for the customers of a chunk of rows at the moments of the rows. Read at once
// for all; again for what the unit itself has written.
class KnownValues {
 public:
  KnownValues(store::Unit& unit, event_log::Log& log) : unit_(unit), log_(log) {
    const event_log::EventType* type = log.catalog().of(unit)->find("attribute_changed");
    CHECK(type != nullptr);  // of the standard vocabulary
    type_ = type->id;
  }

  void read(std::span<const CustomerMoment> moments) {
    std::vector<event_log::RowAt> wanted;
    for (const auto& [customer, since] : moments) wanted.push_back({customer, type_, since});
    event_log::each_row_at(unit_, log_.customer_rows(), {wanted},
                           [&](const event_log::Event& event) { add(event); });
  }
  void written(const CustomerMoment& moment) { written_.insert(moment); }
  // Requires that it was read, or that the customer has come with this unit.
  const Known& at(const CustomerMoment& moment) {
    if (written_.erase(moment) > 0) {
      known_.erase(moment);
      read(std::span(&moment, 1));
    }
    return known_[moment];
  }

 private:
  void add(const event_log::Event& event) {
    const auto value = base::parse_stored_json(event.properties);
    const auto* object = value ? value->if_object() : nullptr;
    const auto* ref = object == nullptr ? nullptr : object->if_contains("ref");
    if (ref == nullptr || !ref->is_int64()) return;
    for (const std::string_view name : {"to", "raw"}) {
      const auto* text = object->if_contains(name);
      if (text == nullptr || !text->is_string()) continue;
      known_[{event.customer, event.time}].emplace_back(ref->get_int64(),
                                                        std::string(text->get_string()));
    }
  }

  store::Unit& unit_;
  event_log::Log& log_;
  base::EventTypeId type_;
  std::map<CustomerMoment, Known> known_;
  std::set<CustomerMoment> written_;
};

class CustomerImport {
 public:
  CustomerImport(const ImportMeans& means, ByteSource& file, const ImportRequest& request)
      : means_(means),
        request_(request),
        readings_(file, request, customer_header_rules),
        batch_(means, request, "customers"),
        telling_(telling_attributes(request.apart)) {}

  base::Result<ImportReport, ImportError> run() {
    const auto first = readings_.open();
    if (!first) return base::unexpected(first.error());
    const RowTime time{batch_.now(), means_.zone};
    CustomerColumns columns((*first)->columns(), attribute_types(), telling_);
    const auto looked =
        readings_.look(**first, [&](const TableRow& row) { columns.look_at(row, time); });
    if (!looked) return base::unexpected(looked.error());
    report_.columns = columns.notes();
    const auto second = readings_.open();
    if (!second) return base::unexpected(second.error());
    batch_.begin();
    if (auto read = read_all(**second, columns); !read) {
      return base::unexpected(std::move(read.error()));
    }
    if (auto finished = batch_.finish(report_.stopped); !finished) {
      return base::unexpected(std::move(finished.error()));
    }
    report_.batch = batch_.id();
    return std::move(report_);
  }

 private:
  base::Result<void, ImportError> read_all(Table& table, const CustomerColumns& columns) {
    const RowTime time{batch_.now(), means_.zone};
    for (TableRow row; table.next(row);) {
      auto read = columns.read(table, row, time);
      if (read) {
        report_.wrong_types += read->wrong_types;
        chunk_.push_back(std::move(*read));
      } else {
        leave_out(report_, std::move(read.error()));
        ++pending_.rows;
        ++pending_.refused;
      }
      if (chunk_.size() + static_cast<std::size_t>(pending_.rows) < kCustomerRowsAtOnce) continue;
      if (auto written = write_chunk(); !written) return written;
      readings_.tell(table.bytes_read(), report_.counts.rows);
      report_.stopped = request_.stop.stop_requested();
      if (report_.stopped) return {};
    }
    if (auto written = write_chunk(); !written) return written;
    readings_.tell_end(report_.counts.rows);
    return {};
  }

  std::map<std::string, base::ValueType> attribute_types() {
    std::map<std::string, base::ValueType> types;
    means_.database.read([&](store::Session& session) {
      for (auto& attribute : customer::attributes(session)) {
        types.emplace(std::move(attribute.name), attribute.type);
      }
    });
    return types;
  }

  base::Result<void, ImportError> write_chunk() {
    if (chunk_.empty() && pending_.rows == 0) return {};
    // One order for everybody, so that two imports at once wait for each other only once.
    std::ranges::stable_sort(chunk_, {}, &CustomerRow::customer);
    while (true) {
      const auto outcomes = try_chunk();
      if (outcomes) {
        for (std::size_t i = 0; i < chunk_.size(); ++i) note(chunk_[i], (*outcomes)[i]);
        break;
      }
      if (outcomes.error().begin()->second == customer::Fault::import_closed) {
        return base::unexpected(ImportError{ImportFault::taken_back, {}});
      }
      refuse(outcomes.error());
    }
    pending_ = {};
    chunk_.clear();
    return {};
  }

  // A row that is refused half way takes its unit back; the others are written by the next one. Of
  // the rows behind it in the unit those that then find no free name for an attribute are refused
  // with it.
  base::Result<Outcomes, Refusals> try_chunk() {
    std::vector<base::CustomerId> fresh(chunk_.size());
    for (auto& id : fresh) id = {means_.random.id()};
    return batch_.write("intake.customers", [&](store::Unit& unit, customer::Writing& writing) {
      return write_rows(unit, writing, fresh);
    });
  }

  void refuse(const Refusals& refusals) {
    CHECK(!refusals.empty());
    std::vector<CustomerRow> left;
    for (std::size_t i = 0; i < chunk_.size(); ++i) {
      const auto refusal = refusals.find(i);
      if (refusal == refusals.end()) {
        left.push_back(std::move(chunk_[i]));
      } else {
        leave_out(report_, {chunk_[i].line, 0, {}, customer::code_of(refusal->second)});
        ++pending_.rows;
        ++pending_.refused;
      }
    }
    chunk_ = std::move(left);
  }

  void note(const CustomerRow& row, const RowOutcome& outcome) {
    ++report_.counts.rows;
    ++(outcome.created || outcome.changed ? report_.counts.written : report_.counts.repeated);
    // Of a dry run every unit makes the customer again.
    const bool made = outcome.created && (!request_.dry_run || created_.insert(row.person).second);
    if (made) ++report_.customers_created;
    report_.reviews_opened += outcome.reviews;
  }

  base::Result<Outcomes, Refusals> write_rows(store::Unit& unit, customer::Writing& writing,
                                              const std::vector<base::CustomerId>& fresh) {
    Outcomes outcomes;
    Refusals refusals;
    event_log::BatchCounts counts = pending_;
    const Founds founds = find_all(unit);
    KnownValues known = known_of(unit, founds);
    for (std::size_t i = 0; i < chunk_.size(); ++i) {
      const auto outcome = write_row({writing, known}, chunk_[i], founds[i], fresh[i]);
      if (!outcome) {
        const customer::Fault fault = outcome.error().fault;
        if (fault == customer::Fault::import_closed) return base::unexpected(Refusals{{i, fault}});
        refusals.emplace(i, fault);
        continue;
      }
      ++counts.rows;
      ++(outcome->created || outcome->changed ? counts.written : counts.repeated);
      outcomes.push_back(*outcome);
    }
    if (!refusals.empty()) return base::unexpected(std::move(refusals));
    batch_.count(unit, counts);
    return outcomes;
  }

  using Founds = std::vector<std::optional<customer::Found>>;

  // Who the rows' customers are, as far as they are there before the chunk.
  Founds find_all(store::Unit& unit) const {
    Founds founds;
    founds.reserve(chunk_.size());
    for (const CustomerRow& row : chunk_) {
      founds.push_back(find_customer(unit, row.customer));
    }
    return founds;
  }

  KnownValues known_of(store::Unit& unit, const Founds& founds) const {
    std::vector<CustomerMoment> moments;
    for (std::size_t i = 0; i < chunk_.size(); ++i) {
      if (founds[i] && chunk_[i].since) moments.emplace_back(founds[i]->customer, *chunk_[i].since);
    }
    KnownValues known(unit, means_.log);
    known.read(moments);
    return known;
  }

  struct Hands {
    customer::Writing& writing;
    KnownValues& known;
  };

  // Who the row is about: who has its identity, or somebody who only shares it. Nothing is written
  // of somebody nobody has seen yet.
  struct About {
    std::optional<base::CustomerId> customer;
    std::optional<base::CustomerId> holder = {};  // of the identity, when it is not the customer
  };
  static About about(const Hands& hands, const CustomerRow& row, const customer::Found& found,
                     const customer::Claim& claim) {
    if (is_key(row.customer) || identity_of(row.customer).kind != customer::kSharedKind) {
      return {found.customer};
    }
    const auto whom = customer::whom(hands.writing, found.customer, claim);
    if (whom == found.customer) return {found.customer};
    if (whom) return {*whom, found.customer};
    for (const customer::IdentityRef& identity : claim.identities) {
      const auto other = customer::find(hands.writing.unit(), identity);
      if (other && other->person != found.person) return {other->customer, found.customer};
    }
    return {std::nullopt, found.customer};
  }

  base::Result<RowOutcome, customer::Error> write_row(const Hands& hands, const CustomerRow& row,
                                                      std::optional<customer::Found> found,
                                                      base::CustomerId fresh) {
    RowOutcome outcome;
    store::Unit& unit = hands.writing.unit();
    if (!found) found = find_customer(unit, row.customer);  // a row above has made them
    if (!found) {
      const auto resolved = customer::find_or_create(hands.writing, identity_of(row.customer),
                                                     fresh, row.known_since);
      if (!resolved) return base::unexpected(resolved.error());
      found = resolved->found;
      outcome.created = resolved->created;
    }
    std::vector<customer::IdentityRef> identities;
    for (const auto& [kind, value] : row.identities) identities.push_back({kind, value});
    // Against customers there are already the name tells: who has become a member since, or says
    // their gender now, is the same person.
    const auto& telling = row.shares ? telling_ : name_only_;
    const customer::Claim claim{row.values, telling, identities};
    if (!outcome.created) {
      const auto whose = take_apart(hands, row, claim, {*found, fresh});
      if (!whose) return base::unexpected(whose.error());
      outcome = whose->outcome;
      found->customer = whose->customer;
    }
    const auto more = write_roles(hands.writing, row, claim, found->customer);
    if (!more) return base::unexpected(more.error());
    outcome.changed = outcome.changed || more->changed;
    outcome.reviews += more->reviews;
    const auto values = unknown_yet(hands, found->customer, row);
    if (values.empty()) return outcome;
    const auto changes = customer::set_attributes(hands.writing, found->customer, values);
    if (!changes) return base::unexpected(changes.error());
    outcome.changed = outcome.changed || *changes > 0;
    if (row.since) hands.known.written({found->customer, *row.since});
    return outcome;
  }

  struct Candidates {
    customer::Found found;   // who has the identity
    base::CustomerId fresh;  // nobody's yet
  };
  struct Whose {
    base::CustomerId customer;
    RowOutcome outcome;
  };
  // Somebody else with the identity of another is a customer of their own, and the two are listed.
  static base::Result<Whose, customer::Error> take_apart(const Hands& hands, const CustomerRow& row,
                                                         const customer::Claim& claim,
                                                         const Candidates& candidates) {
    if (const auto locked = hands.writing.lock(candidates.found.customer); !locked) {
      return base::unexpected(locked.error());
    }
    const About whose = about(hands, row, candidates.found, claim);
    if (!whose.holder) return Whose{*whose.customer, {}};
    Whose out{whose.customer.value_or(candidates.fresh), {}};
    if (!whose.customer) {
      const auto made = customer::create(hands.writing, candidates.fresh, row.since);
      if (!made) return base::unexpected(made.error());
      out.outcome.created = true;
    }
    const bool listed = customer::list_apart(hands.writing, *whose.holder, out.customer,
                                             identity_of(row.customer).kind);
    if (listed) ++out.outcome.reviews;
    if (row.since) hands.known.written({out.customer, *row.since});  // not read with the chunk
    return out;
  }

  // Identities, tags and consents.
  static base::Result<RowOutcome, customer::Error> write_roles(customer::Writing& writing,
                                                               const CustomerRow& row,
                                                               const customer::Claim& claim,
                                                               base::CustomerId customer) {
    RowOutcome out;
    for (const customer::IdentityRef& identity : claim.identities) {
      const auto added = customer::add_or_list(writing, customer, {identity, claim, row.since});
      if (!added) return base::unexpected(added.error());
      out.changed = out.changed || added->added;
      if (added->listed) ++out.reviews;
    }
    for (const auto& [group, name] : row.tags) {
      const auto tag = customer::declare_tag(writing, group + "/" + name);
      if (!tag) return base::unexpected(tag.error());
      const auto added = customer::add_tag(writing, customer, tag->id, row.since);
      if (!added) return base::unexpected(added.error());
      out.changed = out.changed || *added;
    }
    for (const auto& [name, given] : row.consents) {
      const std::size_t slash = std::min(name.find('/'), name.size());
      const std::string_view channel =
          slash < name.size() ? std::string_view(name).substr(slash + 1) : std::string_view();
      const auto written =
          customer::change_consent(writing, customer,
                                   {.purpose = std::string_view(name).substr(0, slash),
                                    .channel = channel,
                                    .given = given,
                                    .how = "import",
                                    .since = row.since});
      if (!written) return base::unexpected(written.error());
      out.changed = out.changed || *written;
    }
    return out;
  }

  // Of a row with `since`: without the values that history has at that moment.
  static std::vector<customer::NewValue> unknown_yet(const Hands& hands, base::CustomerId customer,
                                                     const CustomerRow& row) {
    std::vector<customer::NewValue> values = row.values;
    if (!row.since) return values;
    const Known& known = hands.known.at({customer, *row.since});
    if (known.empty()) return values;
    std::erase_if(values, [&](const customer::NewValue& given) {
      const auto attribute = customer::attribute_named(hands.writing.unit(), given.attribute);
      if (!attribute) return false;
      const std::string text = given.value ? base::to_text(*given.value) : given.raw;
      return std::ranges::find(known, std::pair(attribute->id.value, text)) != known.end();
    });
    return values;
  }

  const ImportMeans& means_;
  const ImportRequest& request_;
  TwoReadings readings_;
  ImportBatch batch_;
  ImportReport report_;
  std::vector<CustomerRow> chunk_;
  std::vector<std::string> name_only_ = telling_attributes({});
  std::vector<std::string> telling_;         // attributes that tell persons with one phone apart
  event_log::BatchCounts pending_;           // counted in the report, not yet in the batch
  std::unordered_set<std::string> created_;  // of a dry run
};

}  // namespace

base::Result<ImportReport, ImportError> import_customers(const ImportMeans& means, ByteSource& file,
                                                         const ImportRequest& request) {
  return CustomerImport(means, file, request).run();
}

}  // namespace intake
