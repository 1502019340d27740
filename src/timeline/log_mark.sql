-- The state, what a void row keeps but for the times, and the rest.
-- name: find_row
select state, customer, type, source, live, batch, time, arrived, sent, properties
from event
where sequence = $3 and transaction_id = $2 and epoch = $1

-- name: has_later_sqlite
select 1 from event where sequence > $3 and $1 = 0 and $2 = 0 limit 1

-- name: has_later_postgresql
select 1 from event where (epoch, transaction_id, sequence) > ($1, $2, $3) limit 1
