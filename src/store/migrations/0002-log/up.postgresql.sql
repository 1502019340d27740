create table event_type (
  id bigint primary key,
  name text collate "C" not null unique,
  standard bigint not null,
  declared bigint not null
);

create table event_property (
  id bigint primary key,
  type bigint not null,
  name text collate "C" not null,
  value_type text collate "C" not null,
  wrong_values bigint not null,
  unique (type, name)
);

create table event_source (
  id bigint primary key,
  name text collate "C" not null unique
);

create table log_state (
  id bigint primary key check (id = 1),
  catalog_version bigint not null
);

insert into log_state (id, catalog_version) values (1, 1);

-- One row for every database this log has lived in; the greatest is the current one.
create table log_epoch (
  epoch bigint primary key,
  system_identifier text collate "C" not null,
  database_oid bigint not null,
  raised bigint not null
);

-- transaction_id is pg_current_xact_id: readers stay below the oldest one still running.
create table event (
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null,
  customer bigint not null,
  type bigint not null,
  time bigint not null,
  arrived bigint not null,
  sent bigint,
  source bigint not null,
  live bigint not null,
  batch bigint,
  state bigint not null,
  properties text collate "C" not null,
  primary key (epoch, transaction_id, sequence)
);

create sequence event_sequence;

create index event_customer_time on event (customer, time);

create table import_batch (
  id bigint primary key,
  kind text collate "C" not null,
  file_name text collate "C" not null,
  who text collate "C" not null,
  started bigint not null,
  finished bigint,
  undone bigint,
  state bigint not null,
  rows_read bigint not null,
  rows_written bigint not null,
  rows_repeated bigint not null,
  rows_refused bigint not null,
  first_sequence bigint not null,
  last_sequence bigint not null,
  first_epoch bigint not null,
  first_transaction bigint not null,
  last_epoch bigint not null,
  last_transaction bigint not null
);

create view visible_event as
select sequence, epoch, transaction_id, customer, type, time, arrived, sent, source, live, batch,
       properties
from event
where state = 0
  and (batch is null or batch not in (select id from import_batch where state = 2));

create table import_key (
  hash text collate "C" not null primary key,
  batch bigint not null,
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null
);

create table event_key (
  hash text collate "C" not null primary key,
  arrived bigint not null,
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null
);

create index event_key_arrived on event_key (arrived);

create table log_reader (
  name text collate "C" not null primary key,
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null
);

create table lease (
  name text collate "C" not null primary key,
  owner bigint not null,
  fence bigint not null,
  expires bigint not null
);
