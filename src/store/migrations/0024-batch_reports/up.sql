create table batch_report (
  batch bigint primary key not null,
  kept_at bigint not null,
  names text not null,
  report text not null
);
