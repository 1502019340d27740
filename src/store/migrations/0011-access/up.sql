drop table access_session;
create table access_session (
  token_hash text COLLATE "C" primary key not null,
  id bigint not null unique,
  user_id bigint not null,
  started_at bigint not null,
  last_used_at bigint not null,
  from_address text not null,
  device text not null
);
create index access_session_user on access_session (user_id, started_at);
create index access_session_started on access_session (started_at);

-- At most one a user.
create table password_reset (
  user_id bigint primary key not null,
  token_hash text COLLATE "C" not null unique,
  expires_at bigint not null
);

-- At most one a user; offered until its first code came. last_step: of the last code taken.
create table second_factor (
  user_id bigint primary key not null,
  state text COLLATE "C" not null check (state in ('offered', 'on')),
  sealed_secret text COLLATE "C" not null,
  last_step bigint not null,
  since bigint not null
);
create table recovery_code (
  user_id bigint not null,
  code_hash text COLLATE "C" not null,
  primary key (user_id, code_hash)
);

-- Failed sign-ins by what they are counted for; 'code': wrong codes behind a right password.
alter table sign_in_failure rename to sign_in_failure_before;
drop index sign_in_failure_last;
create table sign_in_failure (
  scope text COLLATE "C" not null check (scope in ('pair', 'address', 'user', 'code')),
  subject text COLLATE "C" not null,
  failures bigint not null,
  last_at bigint not null,
  primary key (scope, subject)
);
insert into sign_in_failure (scope, subject, failures, last_at)
select scope, subject, failures, last_at from sign_in_failure_before;
drop table sign_in_failure_before;
create index sign_in_failure_last on sign_in_failure (last_at);

-- 1: a public key, which may do nothing but tell what happens on its origins (separated by spaces).
alter table api_key add column write_only bigint not null default 0;
alter table api_key add column origins text not null default '';
