-- name: live_subjects
select kind, id, version, meaning, base_moment, base_record, epoch, transaction_id, sequence,
  moment, record, planes, switched_at
from live_subject order by kind collate "C", id;

-- name: switched_at
select switched_at from live_subject where kind = $1 and id = $2;

-- name: put_subject
insert into live_subject (kind, id, version, meaning, base_moment, base_record, epoch,
  transaction_id, sequence, moment, record, planes, switched_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (kind, id) do update set version = excluded.version, meaning = excluded.meaning,
  base_moment = excluded.base_moment, base_record = excluded.base_record, epoch = excluded.epoch,
  transaction_id = excluded.transaction_id, sequence = excluded.sequence,
  moment = excluded.moment, record = excluded.record, planes = excluded.planes,
  switched_at = excluded.switched_at;

-- name: move_subject
update live_subject set epoch = $3, transaction_id = $4, sequence = $5, moment = $6, record = $7
where kind = $1 and id = $2;

-- name: delete_subject
delete from live_subject where kind = $1 and id = $2;

-- name: live_people
select customers from live_people order by first;

-- name: put_people
insert into live_people (first, customers) values ($1, $2)
on conflict (first) do update set customers = excluded.customers;

-- name: delete_people
delete from live_people;

-- name: live_clock
select record, ahead from live_clock where id = 1;

-- name: set_record
update live_clock set record = $1 where id = 1;

-- name: set_ahead
update live_clock set ahead = $1 where id = 1;

-- name: events_ahead
select distinct customer, time from visible_event where time > $1;

-- name: count_day
insert into live_day (kind, id, day, entered, left_count, corrected) values ($1, $2, $3, $4, $5, $6)
on conflict (kind, id, day) do update set entered = live_day.entered + excluded.entered,
  left_count = live_day.left_count + excluded.left_count,
  corrected = live_day.corrected + excluded.corrected;

-- name: days_of
select day, entered, left_count, corrected from live_day where kind = $1 and id = $2 and day >= $3
order by day;

-- name: live_audiences
select id, name, version, tree from audience where deleted_at is null and live = 1 order by id;

-- name: set_live
update audience set live = $2 where id = $1 and deleted_at is null;

-- name: is_live
select live from audience where id = $1 and deleted_at is null;

-- name: newest_audit
select max(id) from audit;

-- name: put_move
insert into live_move (kind, id, at, record, customer, recorded_at, from_state, to_state, corrected)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: moves_of
select at, record, customer, recorded_at, from_state, to_state, corrected from live_move
where kind = $1 and id = $2 and at >= $3 and at <= $4 and (at < $4 or record < $5)
  and ($6 = '' or to_state = $6)
order by at desc, record desc limit $7;

-- name: moves_of_customer
select at, record, customer, recorded_at, from_state, to_state, corrected from live_move
where customer = $3 and kind = $1 and id = $2 and at >= $4
order by at, record;

-- name: moved_subjects
select distinct kind, id from live_day;

-- name: forget_moves
delete from live_move where kind = $1 and id = $2 and at < $3 and record in (
  select record from live_move where kind = $1 and id = $2 and at < $3
  order by at, record limit $4);

-- name: erase_moves
delete from live_move where customer = $1;

-- name: erase_moves_of_nobody
delete from live_move where not exists (select 1 from customer c where c.id = live_move.customer);

-- name: count_live
select count(*) from audience where deleted_at is null and live = 1;
