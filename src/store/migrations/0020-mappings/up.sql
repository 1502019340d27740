-- `mapping` is the JSON of docs/import.md.
create table saved_mapping (
  id bigint primary key not null,
  name text collate "C" not null,
  version bigint not null check (version >= 1),
  mapping text not null,
  created_at bigint not null,
  changed_at bigint not null,
  changed_by text not null
);
create unique index saved_mapping_name on saved_mapping (name);
