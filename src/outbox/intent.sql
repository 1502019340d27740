-- name: insert_lane
insert into outbox_lane (id, account, kind, pace_count, pace_ms, pace_burst, parts, filled_at,
                         quiet_since, quiet_until)
values ($1, $2, $3, $4, $5, $6, $5 * $6, 0, 0, 0)
on conflict (account, kind) do nothing;

-- name: lane_with
select id, account, kind, pace_count, pace_ms, pace_burst from outbox_lane
where account = $1 and kind = $2;

-- name: lane_of
select id, account, kind, pace_count, pace_ms, pace_burst from outbox_lane where id = $1;

-- name: all_lanes
select id, account, kind, pace_count, pace_ms, pace_burst from outbox_lane order by id;

-- name: busy_lanes
select id from outbox_lane
where exists (select 1 from outbox_intent where lane = outbox_lane.id and state = 0)
   or exists (select 1 from outbox_intent where lane = outbox_lane.id and state = 1
              and priority in (0, 1, 2, 3, 4, 5) and due <= $1)
   or exists (select 1 from outbox_intent where lane = outbox_lane.id and state in (2, 3)
              and due <= $1)
order by id;

-- Tokens that are there stay.
-- name: set_pace
update outbox_lane
set pace_count = $2, pace_ms = $3, pace_burst = $4,
    parts = $3 * case when parts / pace_ms < $4 then parts / pace_ms else $4 end
where id = $1;

-- The last of so many turns of a cause, which begin after its last one, and not before the one that
-- is served.
-- name: take_turns
insert into outbox_turn (lane, priority, cause, turn)
values ($1, $2, $3, $4 + coalesce((select turn from outbox_turn
                                   where lane = $1 and priority = $2 and cause = ''), 0))
on conflict (lane, priority, cause) do update set
  turn = case when outbox_turn.turn + $4 > excluded.turn then outbox_turn.turn + $4
              else excluded.turn end
returning turn;

-- name: insert_intent
insert into outbox_intent (id, effect_id, lane, priority, cause, payload, state, turn, tries, looks,
                           tried_at, fence, due, give_up, problem, receipt, created_at, ended_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, $9, $10, $12, $13, $11, $14)
on conflict (effect_id) do nothing;

-- By the indexes of the states: of what has ended there may be millions.
-- name: standing_in
select count(*) from (
  select 1 from (select 1 from outbox_intent where lane = $1 and state = 0 limit $2) queued
  union all
  select 1 from (select 1 from outbox_intent where lane = $1 and state = 1 limit $2) waiting
  union all
  select 1 from (select 1 from outbox_intent where lane = $1 and state in (2, 3) limit $2) open
  limit $2) standing;

-- name: drop_queued
update outbox_intent set state = 6, ended_at = $2 where lane = $1 and state = 0;

-- name: drop_waiting
update outbox_intent set state = 6, ended_at = $2 where lane = $1 and state = 1;

-- name: drop_unknown
update outbox_intent set state = 6, ended_at = $2
where lane = $1 and state = 3 and state in (2, 3);

-- name: drop_dead_of_lane
update outbox_intent set state = 6, ended_at = $2 where lane = $1 and state = 5;

-- name: intents_named_sqlite
select id, effect_id, lane, priority, cause, payload, state, tries, due, problem, receipt,
       created_at, ended_at
from outbox_intent where effect_id in (select value from json_each($1));

-- name: intents_named_postgresql
select id, effect_id, lane, priority, cause, payload, state, tries, due, problem, receipt,
       created_at, ended_at
from outbox_intent where effect_id in (select unnest($1::text[]));

-- name: intent_with
select id, effect_id, lane, priority, cause, payload, state, tries, due, problem, receipt,
       created_at, ended_at
from outbox_intent where effect_id = $1;

-- name: intent_of
select id, effect_id, lane, priority, cause, payload, state, tries, due, problem, receipt,
       created_at, ended_at
from outbox_intent where id = $1;

-- name: dead_letters
select id, effect_id, lane, priority, cause, payload, state, tries, due, problem, receipt,
       created_at, ended_at
from outbox_intent where state = 5 and (created_at, id) < ($1, $2)
order by created_at desc, id desc
limit $3;

-- name: intents_of_cause
select id, effect_id, lane, priority, cause, payload, state, tries, due, problem, receipt,
       created_at, ended_at
from outbox_intent where cause = $1 and (created_at, id) < ($2, $3)
order by created_at desc, id desc
limit $4;

-- name: replay_dead
update outbox_intent set state = 0, tries = 0, looks = 0, due = $2, give_up = $3, problem = ''
where id = $1 and state = 5;

-- name: drop_dead
update outbox_intent set state = 6, ended_at = $2 where id = $1 and state = 5;

-- name: insert_pause
insert into outbox_pause (what, since, by_whom) values ($1, $2, $3) on conflict (what) do nothing;

-- name: delete_pause
delete from outbox_pause where what = $1;

-- name: all_pauses
select what, since, by_whom from outbox_pause order by what;
