-- SQLite finds a partial index only where the statement repeats its condition: "state in (2, 3)".
-- name: recover_sending
update outbox_intent set state = 3, due = $2, tried_at = $2
where lane = $1 and state = 2 and state in (2, 3);

-- name: unclaim_rest
update outbox_intent set state = 0, tries = tries - 1
where lane = $1 and state = 2 and state in (2, 3) and fence = $2;

-- At most so many of each priority.
-- name: wake_waiting
update outbox_intent set state = 0 where state = 1 and id in (
  select id from (select id from outbox_intent
                  where lane = $1 and state = 1 and priority = 0 and due <= $2
                  order by due, id limit $3) of_0
  union all
  select id from (select id from outbox_intent
                  where lane = $1 and state = 1 and priority = 1 and due <= $2
                  order by due, id limit $3) of_1
  union all
  select id from (select id from outbox_intent
                  where lane = $1 and state = 1 and priority = 2 and due <= $2
                  order by due, id limit $3) of_2
  union all
  select id from (select id from outbox_intent
                  where lane = $1 and state = 1 and priority = 3 and due <= $2
                  order by due, id limit $3) of_3
  union all
  select id from (select id from outbox_intent
                  where lane = $1 and state = 1 and priority = 4 and due <= $2
                  order by due, id limit $3) of_4
  union all
  select id from (select id from outbox_intent
                  where lane = $1 and state = 1 and priority = 5 and due <= $2
                  order by due, id limit $3) of_5);

-- name: queued_intents
select id, effect_id, priority, payload, tries, give_up, turn from outbox_intent
where lane = $1 and state = 0
order by priority, turn, id
limit $2;

-- As two ranges of the index: what stands in the priority between may be a million.
-- name: queued_without_marketing
select id, effect_id, priority, payload, tries, give_up, turn from (
  select * from (select id, effect_id, priority, payload, tries, give_up, turn from outbox_intent
                 where lane = $1 and state = 0 and priority < 4
                 order by priority, turn, id limit $2) before_it
  union all
  select * from (select id, effect_id, priority, payload, tries, give_up, turn from outbox_intent
                 where lane = $1 and state = 0 and priority > 4
                 order by priority, turn, id limit $2) after_it) wanted
order by priority, turn, id
limit $2;

-- name: claim_intent
update outbox_intent set state = 2, tries = tries + 1, fence = $2, tried_at = $3
where id = $1 and state = 0;

-- name: claimed_intents
select id from outbox_intent where lane = $1 and state = 2 and state in (2, 3) and fence = $2;

-- name: give_up_intent
update outbox_intent set state = 5, problem = 'outbox.too_late' where id = $1 and state = 0;

-- name: serve_turn
insert into outbox_turn (lane, priority, cause, turn) values ($1, $2, '', $3)
on conflict (lane, priority, cause) do update
set turn = case when outbox_turn.turn < excluded.turn then excluded.turn else outbox_turn.turn end;

-- name: unclaim_intent
update outbox_intent set state = 0, tries = tries - 1 where id = $1 and state = 2 and fence = $2;

-- name: settle_intent
update outbox_intent
set state = $3, due = $4, problem = $5, receipt = $6, ended_at = $7, tried_at = $8
where id = $1 and state = 2 and fence = $2;

-- name: unknown_intents
select id, effect_id, priority, payload, tries, give_up, looks, tried_at from outbox_intent
where lane = $1 and state = 3 and state in (2, 3) and due <= $2
order by due, id
limit $3;

-- name: settle_look
update outbox_intent
set state = $2, due = $3, problem = case when $2 = 3 then problem else $4 end, receipt = $5,
    ended_at = $6, looks = looks + $8
where id = $1 and state = 3 and looks = $7;

-- name: state_of_lane
select pace_count, pace_ms, pace_burst, parts, filled_at, quiet_since, quiet_until
from outbox_lane where id = $1;

-- name: fill_lane
update outbox_lane set parts = $2, filled_at = $3 where id = $1;

-- Tokens of what was not sent after all.
-- name: give_tokens_back
update outbox_lane set parts = case when parts + $2 * pace_ms < pace_burst * pace_ms
                                    then parts + $2 * pace_ms else pace_burst * pace_ms end
where id = $1;

-- name: quieten_lane
update outbox_lane set quiet_since = $2, quiet_until = $3 where id = $1;

-- name: pauses_of
select what from outbox_pause where what in ('marketing', $1, $2);

-- name: next_waiting
select min(due) from (
  select min(due) as due from outbox_intent where lane = $1 and state = 1 and priority = 0
  union all
  select min(due) as due from outbox_intent where lane = $1 and state = 1 and priority = 1
  union all
  select min(due) as due from outbox_intent where lane = $1 and state = 1 and priority = 2
  union all
  select min(due) as due from outbox_intent where lane = $1 and state = 1 and priority = 3
  union all
  select min(due) as due from outbox_intent where lane = $1 and state = 1 and priority = 4
  union all
  select min(due) as due from outbox_intent where lane = $1 and state = 1 and priority = 5) waiting;

-- name: next_unknown
select min(due) from outbox_intent where lane = $1 and state = 3 and state in (2, 3);

-- name: has_queued
select case when exists (select 1 from outbox_intent
                         where lane = $1 and state = 0 and priority < 4)
              or exists (select 1 from outbox_intent
                         where lane = $1 and state = 0 and priority > 4)
              or (cast($2 as bigint) = 0
                  and exists (select 1 from outbox_intent
                              where lane = $1 and state = 0 and priority = 4))
       then 1 else 0 end;
