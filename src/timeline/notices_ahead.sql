-- The rows between are passed over.
-- name: notices_behind_sqlite
select epoch, transaction_id, sequence, properties from event
where state = 3 and sequence > $3 and $1 = 0 and $2 = 0

-- name: notices_behind_postgresql
select epoch, transaction_id, sequence, properties from event
where state = 3 and (epoch, transaction_id, sequence) > ($1, $2, $3)
