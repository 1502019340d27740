-- `rule_text` is the rule as it was written, `tree` its JSON tree with ids.
create table audience (
  id bigint primary key not null,
  name text COLLATE "C" not null,
  version bigint not null check (version >= 1),
  rule_text text not null,
  tree text not null,
  created_at bigint not null,
  changed_at bigint not null,
  changed_by text not null,
  deleted_at bigint
);
create unique index audience_name on audience (name) where deleted_at is null;

create table audience_version (
  audience bigint not null,
  version bigint not null,
  rule_text text not null,
  tree text not null,
  at bigint not null,
  by_whom text not null,
  primary key (audience, version)
);

-- The rule of `audience` nests `used`, or follows its changes.
create table audience_use (
  audience bigint not null,
  used bigint not null,
  primary key (audience, used)
);
create index audience_use_used on audience_use (used);
