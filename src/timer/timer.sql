-- name: schedule_timer
insert into timer (kind, key, due, tries, problem) values ($1, $2, $3, 0, '')
on conflict (kind, key) do update set due = excluded.due, tries = 0, problem = '';

-- name: cancel_timer
delete from timer where kind = $1 and key = $2;

-- By the index of the moments: "+kind" and "any" keep both from going by kinds, of which one may
-- have a million.
-- name: due_timers_sqlite
select kind, key, due from timer
where problem = '' and due <= $1 and +kind in (select value from json_each($3))
order by due, kind, key
limit $2;

-- Until a table has been analyzed (a minute or so) PostgreSQL thinks little of it and sorts what is
-- due, a million at each step: for the rest of a transaction it does not.
-- name: keep_to_order_postgresql
select set_config('enable_sort', 'off', true);

-- name: due_timers_postgresql
select kind, key, due from timer
where problem = '' and due <= $1 and kind = any($3::text[])
order by due, kind, key
limit $2;

-- Whoever takes it fires it: on PostgreSQL another runner waits here and then finds nothing.
-- name: take_timer_sqlite
delete from timer where kind = $1 and key = $2 and due = $3 and problem = '';

-- name: take_timers_postgresql
delete from timer using (select unnest($2::bigint[]) as key, unnest($3::bigint[]) as due) wanted
where timer.kind = $1 and timer.key = wanted.key and timer.due = wanted.due
  and timer.problem = ''
returning timer.key;

-- name: fail_timer
update timer set tries = tries + 1, problem = case when tries + 1 >= $4 then $5 else '' end
where kind = $1 and key = $2 and due = $3
returning tries;

-- name: next_due_timer_sqlite
select due from timer where problem = '' and +kind in (select value from json_each($1))
order by due, kind, key
limit 1;

-- name: next_due_timer_postgresql
select due from timer where problem = '' and kind = any($1::text[])
order by due, kind, key
limit 1;

-- name: try_timers_again
update timer set tries = 0, problem = '' where problem <> '';

-- name: timers_set_aside
select kind, key, due, problem from timer where problem <> '' order by kind, key limit $1;
