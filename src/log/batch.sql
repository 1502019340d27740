-- name: add_batch
insert into import_batch (id, kind, file_name, who, started, state, rows_read, rows_written,
                          rows_repeated, rows_refused, first_sequence, last_sequence, first_epoch,
                          first_transaction, last_epoch, last_transaction, alive)
values ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $5)

-- One that was taken for cut off runs after all.
-- name: count_rows
update import_batch
set rows_read = rows_read + $2, rows_written = rows_written + $3,
    rows_repeated = rows_repeated + $4, rows_refused = rows_refused + $5, alive = $6,
    state = case when state = 5 then 0 else state end,
    finished = case when state = 5 then null else finished end
where id = $1

-- Between which positions the batch's rows lie; no row for a batch that is closed, but for one that
-- was taken for cut off. One importer writes a batch, its units come one after the other, so the
-- last position only grows.
-- name: cover_rows
update import_batch
set first_sequence = case when first_sequence = 0 or $2 < first_sequence
                          then $2 else first_sequence end,
    first_epoch = case when first_sequence = 0 then $3 else first_epoch end,
    first_transaction = case when first_sequence = 0 then $4 else first_transaction end,
    last_sequence = case when $5 > last_sequence then $5 else last_sequence end,
    last_epoch = $3, last_transaction = $4
where id = $1 and state in (0, 5)

-- name: finish_batch
update import_batch set state = $3, finished = $2 where id = $1 and state in (0, 5)

-- name: any_silent
select id from import_batch where state = 0 and alive < $1 limit 1

-- name: close_silent
update import_batch set state = 5, finished = case when alive > started then alive else started end
where state = 0 and alive < $1

-- name: find_batch
select id, kind, file_name, who, started, finished, undone, state, rows_read, rows_written,
       rows_repeated, rows_refused
from import_batch
where id = $1

-- name: list_batches
select id, kind, file_name, who, started, finished, undone, state, rows_read, rows_written,
       rows_repeated, rows_refused
from import_batch
order by started desc, id desc
limit $1

-- name: list_batches_after
select id, kind, file_name, who, started, finished, undone, state, rows_read, rows_written,
       rows_repeated, rows_refused
from import_batch
where (started, id) < (select last.started, last.id from import_batch as last where last.id = $2)
order by started desc, id desc
limit $1

-- name: file_names
select id, file_name from import_batch where file_name <> ''

-- name: forget_file_name
update import_batch set file_name = '' where id = $1

-- name: begin_undo
update import_batch set state = 2, undone = $2 where id = $1 and state in (0, 1, 4, 5)

-- name: end_undo
update import_batch set state = 3 where id = $1 and state = 2

-- name: batches_being_undone
select id from import_batch where state = 2 order by id

-- name: batch_bounds
select first_epoch, first_transaction, first_sequence, last_epoch, last_transaction, last_sequence
from import_batch
where id = $1

-- name: stretch_sqlite
select epoch, transaction_id, sequence, customer, state, batch, type
from event
where sequence > $1 and sequence <= $2
order by sequence
limit $3

-- name: stretch_postgresql
select epoch, transaction_id, sequence, customer, state, batch, type
from event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch, transaction_id, sequence) <= ($4, $5, $6)
order by epoch, transaction_id, sequence
limit $7

-- Blank: nothing reads it any more, and an erase does not find it. The day is kept, in UTC.
-- name: void_row
update event
set state = 1, time = time - time % 86400000, arrived = arrived - arrived % 86400000, sent = null,
    properties = '{}'
where epoch = $1 and transaction_id = $2 and sequence = $3
