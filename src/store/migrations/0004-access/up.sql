create table access_user (
  id bigint primary key not null,
  name text not null,
  name_key text COLLATE "C" not null unique,
  display_name text not null,
  role text COLLATE "C" not null
    check (role in ('owner', 'admin', 'operator', 'engineer', 'analyst')),
  state text COLLATE "C" not null check (state in ('active', 'disabled')),
  password_hash text not null,
  created_at bigint not null,
  last_sign_in_at bigint
);

-- At most one row.
create table owner_link (
  id bigint primary key not null check (id = 1),
  token_hash text COLLATE "C" not null,
  expires_at bigint not null
);

create table access_session (
  token_hash text COLLATE "C" primary key not null,
  user_id bigint not null,
  started_at bigint not null,
  last_used_at bigint not null,
  from_address text not null
);
create index access_session_user on access_session (user_id, started_at);
create index access_session_started on access_session (started_at);

create table api_key (
  id bigint primary key not null,
  name text not null,
  prefix text COLLATE "C" not null unique,
  secret_hash text COLLATE "C" not null,
  scopes text not null,
  created_at bigint not null,
  created_by text not null,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
);

-- Failed sign-ins by what they are counted for: 'pair', 'address' or 'user'; subject is a hash.
create table sign_in_failure (
  scope text COLLATE "C" not null check (scope in ('pair', 'address', 'user')),
  subject text COLLATE "C" not null,
  failures bigint not null,
  last_at bigint not null,
  primary key (scope, subject)
);
create index sign_in_failure_last on sign_in_failure (last_at);

-- Addresses a user has signed in from; subject is the hash of both.
create table sign_in_address (
  subject text COLLATE "C" primary key not null,
  last_at bigint not null
);
create index sign_in_address_last on sign_in_address (last_at);

create table audit (
  id text COLLATE "C" primary key not null,
  at bigint not null,
  actor_kind text COLLATE "C" not null,
  actor_id bigint not null,
  actor_name text not null,
  from_address text not null,
  noun text COLLATE "C" not null,
  verb text COLLATE "C" not null,
  subject text COLLATE "C" not null,
  customer bigint,
  before_json text,
  after_json text
);
create index audit_noun on audit (noun, subject, id);
create index audit_actor on audit (actor_kind, actor_id, id);
create index audit_customer on audit (customer, id);
