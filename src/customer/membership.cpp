#include "customer/membership.h"

namespace customer {

base::Result<bool, Error> change_membership(Writing& writing, const MembershipTable& table,
                                            base::CustomerId customer,
                                            const MembershipChange& change) {
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  const auto time = time_of(writing, change.since);
  if (!time) return base::unexpected(time.error());

  std::optional<Standing> own;
  std::optional<Standing> last;
  writing.unit().query(
      table.standing_sql, {person->value, change.thing}, [&](const store::Row& row) {
        const Standing stood{stamp_at(row, 2), (row.integer(1) != 0) == change.present};
        if (row.integer(0) == customer.value) own = stood;
        if (!last || last->stamp < stood.stamp) last = stood;
      });
  const Judgement judgement = judge(own, last, {*time, change.since.has_value(), !change.present});
  if (!judgement.change) return false;

  Change event{customer, change.present ? table.on_event : table.off_event, *time, change.name};
  event.ref = change.thing;
  const auto position = append(writing, event);
  if (!position) return base::unexpected(position.error());
  writing.unit().execute(
      table.set_sql,
      {customer.value, change.thing, std::int64_t{change.present}, time->ms, position->epoch,
       position->transaction, position->sequence, std::string_view(writing.source()),
       std::string_view(writing.by()), store::param(batch_of(writing))});
  return judgement.today;
}

}  // namespace customer
