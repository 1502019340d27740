create table audience_size (
  audience bigint not null,
  version bigint not null,
  at bigint not null,
  customers bigint not null,
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null,
  computed_at bigint not null,
  primary key (audience, version, at)
);
