-- All of a row but its state: what a mark's digest covers.
-- name: find_row
select customer, type, time, arrived, sent, source, live, batch, properties
from event
where sequence = $3 and transaction_id = $2 and epoch = $1

-- name: has_later_sqlite
select 1 from event where sequence > $3 and $1 = 0 and $2 = 0 limit 1

-- name: has_later_postgresql
select 1 from event where (epoch, transaction_id, sequence) > ($1, $2, $3) limit 1
