-- The rows of a log that readers pass over are read too, so that their positions move on.
-- name: read_after_sqlite
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties, kind
from read_event
where sequence > $1
order by sequence
limit $2

-- Rows of earlier epochs are all settled; of this one those below the oldest unit still running.
-- name: read_after_postgresql
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties, kind
from read_event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch < (select max(epoch) from log_epoch)
       or transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
order by epoch, transaction_id, sequence
limit $4

-- The last of so many rows, and how many there are (on SQLite at most).
-- name: stretch_after_sqlite
select 0, 0, min($1 + $2, (select coalesce(max(sequence), 0) from event)),
       (select coalesce(max(sequence), 0) from event) - $1

-- name: stretch_after_postgresql
select epoch, transaction_id, sequence, row_number() over (
         order by epoch, transaction_id, sequence) as rows
from (select epoch, transaction_id, sequence
      from event
      where (epoch, transaction_id, sequence) > ($1, $2, $3)
        and (epoch < (select max(epoch) from log_epoch)
             or transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
      order by epoch, transaction_id, sequence
      limit $4) as stretch
order by rows desc
limit 1

-- name: read_types_after_sqlite
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties, kind
from read_event
where sequence > $1 and sequence <= $2 and type in (select value from json_each($3))
order by sequence
limit $4

-- name: read_types_after_postgresql
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties, kind
from read_event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch, transaction_id, sequence) <= ($4, $5, $6)
  and type in (select unnest($7::bigint[]))
order by epoch, transaction_id, sequence
limit $8

-- name: head_sqlite
select 0, 0, coalesce(max(sequence), 0) from event

-- name: head_postgresql
select epoch, transaction_id, sequence
from event
where epoch < (select max(epoch) from log_epoch)
   or transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
order by epoch desc, transaction_id desc, sequence desc
limit 1

-- name: newest_postgresql
select epoch, transaction_id, sequence
from event
order by epoch desc, transaction_id desc, sequence desc
limit 1

-- Whether everything at or before a position can be read.
-- name: is_readable_sqlite
select case when $1 <= coalesce(max(sequence), 0) then 1 else 0 end from event

-- name: is_readable_postgresql
select case when $1 < max(epoch) then 1
            when $1 > max(epoch) then 0
            when $2 < pg_snapshot_xmin(pg_current_snapshot())::text::bigint then 1
            else 0 end
from log_epoch

-- The epoch is read in the same statement that takes the transaction id: who raises it waits for
-- every unit that has read it.
-- name: next_positions_postgresql
select (select max(epoch) from log_epoch), pg_current_xact_id()::text::bigint,
       nextval('event_sequence')
from generate_series(1::bigint, $1)

-- name: next_position_sqlite
select coalesce(max(sequence), 0) + 1 from event

-- name: add_event_sqlite
insert into event (sequence, customer, type, time, arrived, sent, source, live, batch, state,
                   properties)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)

-- Lists of what differs from row to row.
-- name: add_events_postgresql
insert into event (sequence, customer, type, time, arrived, sent, source, live, batch, state,
                   properties, epoch, transaction_id)
select given.sequence, given.customer, given.type, given.time, $7, given.sent, $8, $9, $10::bigint,
       0, given.properties, $11, $12
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
     as given (sequence, customer, type, time, sent, properties)

-- name: add_notice_sqlite
insert into event (sequence, customer, type, time, arrived, source, live, state, properties)
values ($1, 0, 0, $2, $2, 0, 0, 3, $3)

-- name: add_notice_postgresql
insert into event (epoch, transaction_id, sequence, customer, type, time, arrived, source, live,
                   state, properties)
values ($1, $2, $3, 0, 0, $4, $4, 0, 0, 3, $5)

-- The day is kept, in UTC.
-- name: erase_event
update event
set customer = $4, time = time - time % 86400000, arrived = arrived - arrived % 86400000,
    sent = null, properties = '{}', state = 2
where epoch = $1 and transaction_id = $2 and sequence = $3

-- name: find_reader
select epoch, transaction_id, sequence from log_reader where name = $1

-- name: forget_reader
delete from log_reader where name = $1

-- name: list_readers
select name, epoch, transaction_id, sequence from log_reader order by name collate "C"

-- name: lag_sqlite
select count(*), min(arrived)
from (select arrived from event where sequence > $1 order by sequence limit $2) as behind

-- name: lag_postgresql
select count(*), min(arrived)
from (select arrived from event
      where (epoch, transaction_id, sequence) > ($1, $2, $3)
        and (epoch < (select max(epoch) from log_epoch)
             or transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
      order by epoch, transaction_id, sequence limit $4) as behind

-- name: start_reader
insert into log_reader (name, epoch, transaction_id, sequence) values ($1, $2, $3, $4)
on conflict do nothing

-- name: advance_reader
update log_reader set epoch = $5, transaction_id = $6, sequence = $7
where name = $1 and epoch = $2 and transaction_id = $3 and sequence = $4

-- name: find_log_id
select value from store_meta where key = 'log.id'

-- name: set_log_id
insert into store_meta (key, value) values ('log.id', $1) on conflict do nothing

-- A restored database is another one, or (in the same place) has rows of transactions to come.
-- name: current_database_postgresql
select control.system_identifier::text,
       (select oid::bigint from pg_database where datname = current_database()),
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
       coalesce((select transaction_id from event
                 where epoch = (select max(epoch) from log_epoch)
                 order by epoch desc, transaction_id desc limit 1), 0)
from pg_control_system() as control

-- name: current_epoch
select epoch, system_identifier, database_oid from log_epoch order by epoch desc limit 1

-- Waits for every unit that has read the epoch, and keeps others from reading it.
-- name: lock_epoch_postgresql
lock table log_epoch in access exclusive mode

-- name: add_epoch
insert into log_epoch (epoch, system_identifier, database_oid, raised) values ($1, $2, $3, $4)

-- Only what tells memories what is no event, by the index of those.
-- name: notices_after_sqlite
select epoch, transaction_id, sequence, properties from event
where state = 3 and sequence > $3 and $1 = 0 and $2 = 0

-- name: notices_after_postgresql
select epoch, transaction_id, sequence, properties from event
where state = 3 and (epoch, transaction_id, sequence) > ($1, $2, $3)
