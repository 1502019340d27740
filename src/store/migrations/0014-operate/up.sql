create table backup_run (
  id bigint not null primary key,
  started_at bigint not null,
  ended_at bigint,
  asked bigint not null,
  state bigint not null,
  path text collate "C" not null,
  bytes bigint,
  events bigint,
  problem text collate "C"
);
create index backup_run_started on backup_run (started_at);

create table disk_sample (
  at bigint not null primary key,
  data_bytes bigint not null
);
