-- name: visible_row
select customer, type, time, source, batch, properties
from visible_event
where epoch = $1 and transaction_id = $2 and sequence = $3
