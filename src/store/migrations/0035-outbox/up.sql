-- Where effects of one kind go out for one account (0: for none). pace_count in pace_ms, pace_burst
-- at once; parts of tokens (pace_ms parts are one) that were there at filled_at. Nothing goes out
-- before quiet_until, which was said at quiet_since.
create table outbox_lane (
  id bigint primary key not null,
  account bigint not null,
  kind text COLLATE "C" not null,
  pace_count bigint not null check (pace_count > 0),
  pace_ms bigint not null check (pace_ms > 0),
  pace_burst bigint not null check (pace_burst > 0),
  parts bigint not null,
  filled_at bigint not null,
  quiet_since bigint not null,
  quiet_until bigint not null,
  unique (account, kind)
);

-- The last turn that a cause was given among those of a priority in a lane; of the cause '': the
-- last one that was served.
create table outbox_turn (
  lane bigint not null,
  priority bigint not null,
  cause text COLLATE "C" not null,
  turn bigint not null,
  primary key (lane, priority, cause)
);

-- state 0 queued, 1 waiting (until due), 2 sending, 3 unknown, 4 done, 5 dead, 6 dropped. turn: its
-- place among those of its priority, so that causes take turns. tries, looks: sent, and looked up
-- after an unknown outcome, so often; tried_at: the last time. fence: of the lease under which it
-- was sent last. give_up: when it is too late.
create table outbox_intent (
  id bigint primary key not null,
  effect_id text COLLATE "C" not null unique,
  lane bigint not null,
  priority bigint not null check (priority between 0 and 5),
  cause text COLLATE "C" not null,
  payload text not null,
  state bigint not null check (state between 0 and 6),
  turn bigint not null,
  tries bigint not null,
  looks bigint not null,
  tried_at bigint not null,
  fence bigint not null,
  due bigint not null,
  give_up bigint not null,
  problem text not null,
  receipt text not null,
  created_at bigint not null,
  ended_at bigint,
  check ((state in (4, 6)) = (ended_at is not null))
);
create index outbox_intent_queue on outbox_intent (lane, priority, turn, id) where state = 0;
create index outbox_intent_waiting on outbox_intent (lane, priority, due, id) where state = 1;
create index outbox_intent_open on outbox_intent (lane, state, due, id) where state in (2, 3);
create index outbox_intent_dead on outbox_intent (created_at, id) where state = 5;
create index outbox_intent_cause on outbox_intent (cause, created_at, id);

-- what: 'marketing', 'account/<id>' or 'lane/<id>'.
create table outbox_pause (
  what text COLLATE "C" primary key not null,
  since bigint not null,
  by_whom text COLLATE "C" not null
);
