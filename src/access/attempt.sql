-- name: select_failures
select failures, last_at from sign_in_failure where scope = $1 and subject = $2

-- name: upsert_failures
insert into sign_in_failure (scope, subject, failures, last_at) values ($1, $2, $3, $4)
on conflict (scope, subject) do update set failures = excluded.failures, last_at = excluded.last_at

-- name: delete_failures
delete from sign_in_failure where scope = $1 and subject = $2

-- name: take_back_failure
update sign_in_failure set failures = failures - 1
where scope = $1 and subject = $2 and failures > 0

-- name: delete_old_failures
delete from sign_in_failure where last_at < $1

-- name: select_address
select last_at from sign_in_address where subject = $1 and last_at > $2

-- name: upsert_address
insert into sign_in_address (subject, last_at) values ($1, $2)
on conflict (subject) do update set last_at = excluded.last_at

-- name: delete_old_addresses
delete from sign_in_address where last_at < $1
