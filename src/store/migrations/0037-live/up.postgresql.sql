alter table audience add column live bigint not null default 0;

-- kind: 'audience', 'model'. meaning: hash of the rules. base_moment, base_record: from when on,
-- and behind which record, what was recorded counts. planes: the states as of the position and
-- moment, with all records up to `record` (audience/live_states.h).
create table live_subject (
  kind text COLLATE "C" not null,
  id bigint not null,
  version bigint not null,
  meaning text COLLATE "C" not null,
  base_moment bigint not null,
  base_record bigint not null,
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null,
  moment bigint not null,
  record bigint not null,
  planes bytea not null,
  switched_at bigint not null,
  primary key (kind, id)
);

-- Customers by their numbers: eight bytes each from number `first` on, 0 for who was erased.
create table live_people (
  first bigint primary key not null,
  customers bytea not null
);

-- record: the last number given. ahead: events that lie ahead of the clock, (time, customer) of 16
-- bytes each; null: not looked for yet.
create table live_clock (
  id bigint primary key not null,
  record bigint not null,
  ahead bytea
);
insert into live_clock (id, record, ahead) values (1, 0, null);

-- By local day of their moment: records of live subjects.
create table live_day (
  kind text COLLATE "C" not null,
  id bigint not null,
  day bigint not null,
  entered bigint not null,
  left_count bigint not null,
  corrected bigint not null,
  primary key (kind, id, day)
);

-- The records themselves, of the last days: who came and left, found by subject without the log.
-- from_state, to_state: names of states.
create table live_move (
  kind text COLLATE "C" not null,
  id bigint not null,
  at bigint not null,
  record bigint not null,
  customer bigint not null,
  recorded_at bigint not null,
  from_state text COLLATE "C" not null,
  to_state text COLLATE "C" not null,
  corrected bigint not null,
  primary key (kind, id, at, record)
);
create index live_move_by_customer on live_move (customer);

-- Which subject and which record it is; from and to are states.
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 85, 'audience_id', 'int', 0
where not exists (select 1 from event_property where type = 85 and name = 'audience_id');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 85, 'from', 'text', 0
where not exists (select 1 from event_property where type = 85 and name = 'from');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 85, 'to', 'text', 0
where not exists (select 1 from event_property where type = 85 and name = 'to');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 85, 'record', 'int', 0
where not exists (select 1 from event_property where type = 85 and name = 'record');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 86, 'audience_id', 'int', 0
where not exists (select 1 from event_property where type = 86 and name = 'audience_id');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 86, 'from', 'text', 0
where not exists (select 1 from event_property where type = 86 and name = 'from');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 86, 'to', 'text', 0
where not exists (select 1 from event_property where type = 86 and name = 'to');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 86, 'record', 'int', 0
where not exists (select 1 from event_property where type = 86 and name = 'record');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 87, 'audience_id', 'int', 0
where not exists (select 1 from event_property where type = 87 and name = 'audience_id');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 87, 'from', 'text', 0
where not exists (select 1 from event_property where type = 87 and name = 'from');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 87, 'to', 'text', 0
where not exists (select 1 from event_property where type = 87 and name = 'to');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 87, 'record', 'int', 0
where not exists (select 1 from event_property where type = 87 and name = 'record');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 88, 'rule_version', 'text', 0
where not exists (select 1 from event_property where type = 88 and name = 'rule_version');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 88, 'record', 'int', 0
where not exists (select 1 from event_property where type = 88 and name = 'record');
insert into event_property (id, type, name, value_type, wrong_values)
select (select max(id) from event_property) + 1, 88, 'corrected', 'bool', 0
where not exists (select 1 from event_property where type = 88 and name = 'corrected');
update log_state set catalog_version = catalog_version + 1 where id = 1;
