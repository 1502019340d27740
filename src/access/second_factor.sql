-- name: select_second_factor
select state, sealed_secret, last_step, since from second_factor where user_id = $1

-- name: count_recovery_codes
select count(*) from recovery_code where user_id = $1

-- name: put_second_factor
insert into second_factor (user_id, state, sealed_secret, last_step, since)
values ($1, 'offered', $2, 0, $3)
on conflict (user_id) do update set
  sealed_secret = excluded.sealed_secret, last_step = 0, since = excluded.since
where second_factor.state = 'offered'

-- name: take_step
update second_factor set last_step = $2 where user_id = $1 and last_step < $2

-- name: turn_on
update second_factor set state = 'on', since = $2 where user_id = $1 and state = 'offered'

-- name: insert_recovery_code
insert into recovery_code (user_id, code_hash) values ($1, $2)

-- name: take_recovery_code
delete from recovery_code where user_id = $1 and code_hash = $2

-- name: delete_second_factor
delete from second_factor where user_id = $1

-- name: delete_recovery_codes
delete from recovery_code where user_id = $1
