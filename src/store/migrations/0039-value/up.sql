-- One fit of the value models, and what it found. moment: events before it were looked at.
-- customers: with a purchase. result: JSON of lifecycle/value_json.h (sums over all; nothing of a
-- single customer).
create table value_run (
  id bigint primary key not null,
  moment bigint not null,
  started_at bigint not null,
  ended_at bigint not null,
  state text COLLATE "C" not null check (state in ('ready', 'not_enough_data', 'bad_fit')),
  event text not null,
  amount text not null,
  customers bigint not null,
  result text not null
);
create index value_run_by_start on value_run (started_at);
