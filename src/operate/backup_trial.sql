-- name: last_row
select coalesce(max(sequence), 0) from event

-- name: count_rows
select count(*) from event where sequence > $1 and sequence <= $2
