-- name: next_key_row
select coalesce(max(id), 0) + 1 from event_key

-- name: add_key_sqlite
insert into event_key (id, hash, arrived, epoch, transaction_id, sequence)
values ($1, $2, $3, 0, 0, $4)

-- name: key_row
select hash, arrived, sequence from event_key where id = $1

-- name: move_key_sqlite
update event_key set sequence = $2 where id = $1

-- name: move_key_postgresql
update event_key set epoch = $2, transaction_id = $3, sequence = $4 where hash = $1

-- name: list_keys_sqlite
select id, hash from event_key where id > $1 order by id limit $2

-- Rows come in order of arrival, but for clocks that were set back: those go with the ones before.
-- name: oldest_keys_sqlite
select id, hash, arrived from event_key order by id limit $1

-- name: drop_keys_sqlite
delete from event_key where id <= $1

-- name: drop_keys_postgresql
delete from event_key
where hash in (select hash from event_key where arrived < $1 order by arrived limit $2)
