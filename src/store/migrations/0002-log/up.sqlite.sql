create table event_type (
  id integer primary key,
  name text not null unique,
  standard integer not null,
  declared integer not null
);

create table event_property (
  id integer primary key,
  type integer not null,
  name text not null,
  value_type text not null,
  wrong_values integer not null,
  unique (type, name)
);

create table event_source (
  id integer primary key,
  name text not null unique
);

create table log_state (
  id integer primary key check (id = 1),
  catalog_version integer not null
);

insert into log_state (id, catalog_version) values (1, 1);

-- Of PostgreSQL only; here so that a query may name it.
create table log_epoch (
  epoch integer primary key,
  system_identifier text not null,
  database_oid integer not null,
  raised integer not null
);

-- Whatever reads in order reads by the integer key; epoch and transaction_id take no room.
create table event (
  sequence integer primary key,
  epoch integer generated always as (0) virtual,
  transaction_id integer generated always as (0) virtual,
  customer integer not null,
  type integer not null,
  time integer not null,
  arrived integer not null,
  sent integer,
  source integer not null,
  live integer not null,
  batch integer,
  state integer not null,
  properties text not null
);

create index event_customer_time on event (customer, time);

create table import_batch (
  id integer primary key,
  kind text not null,
  file_name text not null,
  who text not null,
  started integer not null,
  finished integer,
  undone integer,
  state integer not null,
  rows_read integer not null,
  rows_written integer not null,
  rows_repeated integer not null,
  rows_refused integer not null,
  first_sequence integer not null,
  last_sequence integer not null,
  first_epoch integer not null,
  first_transaction integer not null,
  last_epoch integer not null,
  last_transaction integer not null
);

create view visible_event as
select sequence, epoch, transaction_id, customer, type, time, arrived, sent, source, live, batch,
       properties
from event
where state = 0
  and (batch is null or batch not in (select id from import_batch where state = 2));

create table import_key (
  hash text not null primary key,
  batch integer not null,
  epoch integer not null,
  transaction_id integer not null,
  sequence integer not null
) without rowid;

-- Appended only: which keys are known is in memory (log/key_memory.h).
create table event_key (
  id integer primary key,
  hash text not null,
  arrived integer not null,
  epoch integer not null,
  transaction_id integer not null,
  sequence integer not null
);

create table log_reader (
  name text not null primary key,
  epoch integer not null,
  transaction_id integer not null,
  sequence integer not null
);

create table lease (
  name text not null primary key,
  owner integer not null,
  fence integer not null,
  expires integer not null
);
