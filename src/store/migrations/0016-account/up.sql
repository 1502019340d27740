create table brand_account (
  id bigint primary key not null,
  kind text COLLATE "C" not null
    check (kind in ('official_account', 'wecom', 'mini_program', 'mall')),
  external_id text COLLATE "C" not null,
  name text not null,
  state text COLLATE "C" not null check (state in ('open', 'closed')),
  created_at bigint not null,
  unique (kind, external_id)
);

-- find_key: what a search looks into (name, code, city; A-Z in lower case). Places in millionths of
-- a degree.
create table store (
  id bigint primary key not null,
  code text COLLATE "C" not null unique,
  name text COLLATE "C" not null unique,
  city text not null,
  address text not null,
  latitude bigint,
  longitude bigint,
  state text COLLATE "C" not null check (state in ('open', 'closed')),
  find_key text not null,
  created_at bigint not null,
  check ((latitude is null) = (longitude is null))
);

create table staff (
  id bigint primary key not null,
  number text COLLATE "C" not null unique,
  name text not null,
  phone text not null,
  state text COLLATE "C" not null check (state in ('active', 'left')),
  find_key text not null,
  created_at bigint not null
);
create table staff_store (
  staff bigint not null,
  store bigint not null,
  primary key (staff, store)
);
create index staff_store_store on staff_store (store, staff);

-- Whose customer somebody is (ended_at null) and was; rows keep the customer as written.
create table customer_staff (
  customer bigint not null,
  staff bigint not null,
  sequence bigint not null,
  assigned_at bigint not null,
  assigned_by text not null,
  ended_at bigint,
  ended_by text,
  primary key (customer, staff, sequence)
);
create unique index customer_staff_now on customer_staff (staff, customer) where ended_at is null;

alter table access_user add column scope text COLLATE "C" not null default 'all'
  check (scope in ('all', 'stores', 'own'));
alter table access_user add column staff bigint not null default 0;
