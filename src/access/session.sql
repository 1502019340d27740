-- name: select_password
select id, password_hash from access_user where name_key = $1 and state = 'active'

-- name: note_sign_in
update access_user set last_sign_in_at = $3
where id = $1 and state = 'active' and password_hash = $2

-- name: select_user_for_session
select id, name, display_name, role, state, created_at, last_sign_in_at,
       (select count(*) from second_factor f where f.user_id = access_user.id and f.state = 'on'),
       scope, staff
from access_user where id = $1

-- name: insert_session
insert into access_session
  (token_hash, id, user_id, started_at, last_used_at, from_address, device)
values ($1, $2, $3, $4, $4, $5, $6)

-- name: delete_old_sessions
delete from access_session where started_at < $1

-- name: delete_surplus_sessions
delete from access_session where user_id = $1 and token_hash not in (
  select token_hash from access_session where user_id = $1
  order by started_at desc, token_hash limit $2)

-- name: select_session
select u.id, u.name, u.display_name, u.role, u.state, u.created_at, u.last_sign_in_at,
       (select count(*) from second_factor f where f.user_id = u.id and f.state = 'on'),
       u.scope, u.staff,
       s.started_at, s.last_used_at, u.password_hash
from access_session s join access_user u on u.id = s.user_id
where s.token_hash = $1

-- name: select_sessions
select id, user_id, started_at, last_used_at, from_address, device, token_hash
from access_session where user_id = $1 and started_at > $2 and last_used_at > $3
order by last_used_at desc, id

-- name: select_session_id
select id from access_session where token_hash = $1

-- name: select_session_owner
select u.id, u.name, u.display_name, u.role, u.state, u.created_at, u.last_sign_in_at,
       (select count(*) from second_factor f where f.user_id = u.id and f.state = 'on'),
       u.scope, u.staff
from access_session s join access_user u on u.id = s.user_id
where s.id = $1

-- name: delete_session_by_id
delete from access_session where id = $1

-- name: delete_reset_of
delete from password_reset where user_id = $1

-- name: touch_session
update access_session set last_used_at = $2 where token_hash = $1 and last_used_at < $2

-- name: delete_all_sessions
delete from access_session

-- name: delete_all_resets
delete from password_reset

-- name: delete_owner_links
delete from owner_link

-- name: delete_session
delete from access_session where token_hash = $1

-- name: delete_other_sessions
delete from access_session where user_id = $1 and token_hash <> $2

-- name: replace_password
update access_user set password_hash = $3 where id = $1 and password_hash = $2
