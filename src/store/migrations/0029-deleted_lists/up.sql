alter table static_list add column version bigint not null default 1;

create table deleted_list (
  id bigint primary key not null,
  name text not null,
  version bigint not null,
  deleted_at bigint not null,
  deleted_by text not null
);
