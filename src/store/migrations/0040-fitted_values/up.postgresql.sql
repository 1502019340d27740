-- form: the columns with their texts, "6:;9:lost|loyal|;" (timeline/fitted_image.h). state:
-- 'writing' until all chunks are there.
create table fitted_run (
  id bigint primary key not null,
  family bigint not null,
  moment bigint not null,
  customers bigint not null,
  form text not null,
  state text COLLATE "C" not null check (state in ('writing', 'whole'))
);
create index fitted_run_family on fitted_run (family, moment);

-- Persons first … last, ascending, with all values of the run (timeline/fitted_image.h).
create table fitted_chunk (
  run bigint not null,
  last_customer bigint not null,
  first_customer bigint not null,
  bytes bytea not null,
  primary key (run, last_customer)
);

-- At most one row, id 1. policy: JSON (lifecycle/rfm_policy.h), '' as shipped; summary: what the
-- last run came to (lifecycle/rfm_run.h), '' before the first.
create table rfm_policy (
  id bigint primary key not null check (id = 1),
  policy text not null,
  summary text not null
);
