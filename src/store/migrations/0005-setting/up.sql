create table setting (
  name text COLLATE "C" primary key not null,
  value text not null,
  changed_at bigint not null,
  by_whom text not null
);
