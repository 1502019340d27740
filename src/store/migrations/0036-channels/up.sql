-- definition: JSON as written (channel/http/definition.h). secrets: JSON of names and sealed texts.
create table http_channel (
  id bigint primary key not null,
  name text not null unique,
  account bigint not null,
  kind text COLLATE "C" not null,
  definition text not null,
  secrets text not null,
  version bigint not null,
  created_at bigint not null,
  unique (account, kind)
);

-- events: JSON list of names; [] are all. signing_key: sealed. old_keys: JSON list of sealed ones
-- that were renewed, each with the moment until which it signs too. lane: of its intents in the
-- outbox; its position is that of the reader 'webhook/<id>'.
create table webhook (
  id bigint primary key not null,
  name text not null unique,
  url text not null,
  events text not null,
  state text COLLATE "C" not null check (state in ('on', 'off')),
  signing_key text COLLATE "C" not null,
  old_keys text COLLATE "C" not null,
  lane bigint not null,
  version bigint not null,
  created_at bigint not null
);
