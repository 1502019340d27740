-- name: database_bytes_postgresql
select pg_database_size(current_database())::bigint

-- name: add_sample
insert into disk_sample (at, data_bytes) values ($1, $2) on conflict do nothing

-- name: forget_samples
delete from disk_sample where at < $1

-- name: all_samples
select at, data_bytes from disk_sample order by at
