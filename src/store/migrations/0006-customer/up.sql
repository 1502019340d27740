create table customer (
  id bigint primary key not null,
  created_at bigint not null,
  arrived_at bigint not null,
  source text not null,
  by_whom text not null,
  batch bigint
);
create index customer_newest on customer (created_at, id);

-- One edge of a tree: `customer` went into `into_customer`; `person` is the root today.
create table customer_alias (
  customer bigint primary key not null,
  into_customer bigint not null,
  person bigint not null,
  merged_at bigint not null,
  source text not null,
  by_whom text not null,
  batch bigint,
  check (customer <> into_customer),
  check (customer <> person)
);
create index customer_alias_person on customer_alias (person);
create index customer_alias_into on customer_alias (into_customer);

create view customer_person as
  select c.id as customer, coalesce(a.person, c.id) as person, c.created_at as created_at
  from customer c left join customer_alias a on a.customer = c.id;

create table identity_kind (
  id bigint primary key not null,
  name text COLLATE "C" not null unique,
  form text not null check (form in ('plain', 'phone', 'email')),
  one_per_person bigint not null check (one_per_person in (0, 1))
);
insert into identity_kind (id, name, form, one_per_person) values
  (1, 'customer', 'plain', 0),
  (2, 'phone', 'phone', 0),
  (3, 'openid', 'plain', 0),
  (4, 'unionid', 'plain', 0),
  (5, 'external_userid', 'plain', 0),
  (6, 'member_number', 'plain', 1),
  (7, 'email', 'email', 0),
  (8, 'device', 'plain', 0);

-- `normal` is the form a value is found by, `value` the one it was given in.
create table identity (
  kind bigint not null,
  account text COLLATE "C" not null,
  normal text COLLATE "C" not null,
  value text not null,
  customer bigint not null,
  since bigint not null,
  arrived_at bigint not null,
  source text not null,
  by_whom text not null,
  batch bigint,
  primary key (kind, account, normal)
);
create index identity_customer on identity (customer);
create index identity_normal on identity (normal, kind, account);

create table attribute (
  id bigint primary key not null,
  name text COLLATE "C" not null unique,
  type text not null,
  declared bigint not null check (declared in (0, 1)),
  wrong_type_count bigint not null
);

-- value null: unknown; raw: what came instead, when it was of the wrong type.
create table attribute_value (
  customer bigint not null,
  attribute bigint not null,
  value text,
  raw text,
  since bigint not null,
  at_epoch bigint not null,
  at_unit bigint not null,
  at_sequence bigint not null,
  source text not null,
  by_whom text not null,
  batch bigint,
  primary key (customer, attribute)
);

create table tag_group (
  id bigint primary key not null,
  name text COLLATE "C" not null unique
);
create table tag (
  id bigint primary key not null,
  tag_group bigint not null,
  name text COLLATE "C" not null,
  unique (tag_group, name)
);
create table customer_tag (
  customer bigint not null,
  tag bigint not null,
  present bigint not null check (present in (0, 1)),
  since bigint not null,
  at_epoch bigint not null,
  at_unit bigint not null,
  at_sequence bigint not null,
  source text not null,
  by_whom text not null,
  batch bigint,
  primary key (customer, tag)
);

create table static_list (
  id bigint primary key not null,
  name text COLLATE "C" not null unique
);
create table customer_list (
  customer bigint not null,
  list bigint not null,
  present bigint not null check (present in (0, 1)),
  since bigint not null,
  at_epoch bigint not null,
  at_unit bigint not null,
  at_sequence bigint not null,
  source text not null,
  by_whom text not null,
  batch bigint,
  primary key (customer, list)
);

create table consent_purpose (
  id bigint primary key not null,
  name text COLLATE "C" not null unique
);
create table consent_channel (
  id bigint primary key not null,
  name text COLLATE "C" not null unique
);
-- consent_key = purpose * 65536 + channel; channel 0: none was named.
create table consent (
  customer bigint not null,
  consent_key bigint not null,
  given bigint not null check (given in (0, 1)),
  how text not null,
  wording text not null,
  proof text not null,
  since bigint not null,
  at_epoch bigint not null,
  at_unit bigint not null,
  at_sequence bigint not null,
  source text not null,
  by_whom text not null,
  batch bigint,
  primary key (customer, consent_key)
);

-- What a merge made two of though it must be one.
create table merge_review (
  id bigint primary key not null,
  survivor bigint not null,
  gone bigint not null,
  thing text not null,
  name text not null,
  listed_at bigint not null,
  closed_at bigint,
  closed_by text
);
create index merge_review_gone on merge_review (gone);

-- Used on PostgreSQL; SQLite keeps the same in the file erased.hashes beside the database.
create table erased_key (
  id bigint primary key not null,
  hash_key text not null
);
create table erased_hash (
  hash text COLLATE "C" primary key not null,
  erased_at bigint not null
);
