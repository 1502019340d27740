-- Lists of ids and of positions are one parameter each: JSON arrays on SQLite, else arrays.

-- name: rows_by_position_sqlite
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties, kind
from read_event
where sequence in (select value from json_each($1))

-- name: rows_by_position_postgresql
select event.epoch, event.transaction_id, event.sequence, customer, type, time, arrived, sent,
       source, live, batch, properties, kind
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as place (epoch, transaction_id, sequence)
join read_event as event
  on event.epoch = place.epoch and event.transaction_id = place.transaction_id
     and event.sequence = place.sequence

-- name: rows_behind_of_sqlite
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties, kind
from read_event
where sequence > $1 and customer in (select value from json_each($2))

-- name: rows_behind_of_postgresql
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties, kind
from read_event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and customer in (select unnest($4::bigint[]))

-- All that count, but for those of one batch.
-- name: events_between_sqlite
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties
from visible_event
where sequence > $1 and sequence <= $2 and (batch is null or batch <> $3)

-- name: events_between_postgresql
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties
from visible_event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch, transaction_id, sequence) <= ($4, $5, $6) and (batch is null or batch <> $7)

-- name: is_other_between_postgresql
select 1
from event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch, transaction_id, sequence) <= ($4, $5, $6) and (batch is null or batch <> $7)
limit 1

-- Where rows stand, as readers may read them.
-- name: scan_sqlite
select epoch, transaction_id, sequence, customer, type, time, state
from event
where sequence > $1
order by sequence
limit $2

-- name: scan_postgresql
select epoch, transaction_id, sequence, customer, type, time, state
from event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch < (select max(epoch) from log_epoch)
       or transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
order by epoch, transaction_id, sequence
limit $4
