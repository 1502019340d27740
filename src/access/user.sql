-- name: count_users
select count(*) from access_user

-- name: put_link
insert into owner_link (id, token_hash, expires_at) values (1, $1, $2)
on conflict (id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at

-- name: select_link
select 1 from owner_link where token_hash = $1 and expires_at > $2

-- name: take_link
delete from owner_link where token_hash = $1 and expires_at > $2

-- name: delete_link
delete from owner_link

-- name: insert_user
insert into access_user (id, name, name_key, display_name, role, state, password_hash, created_at,
                         scope, staff)
values ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9)
on conflict (name_key) do nothing

-- name: select_users
select id, name, display_name, role, state, created_at, last_sign_in_at,
       (select count(*) from second_factor f where f.user_id = access_user.id and f.state = 'on'),
       scope, staff
from access_user order by name_key

-- name: select_user
select id, name, display_name, role, state, created_at, last_sign_in_at,
       (select count(*) from second_factor f where f.user_id = access_user.id and f.state = 'on'),
       scope, staff
from access_user where id = $1

-- name: select_user_named
select id, name, display_name, role, state, created_at, last_sign_in_at,
       (select count(*) from second_factor f where f.user_id = access_user.id and f.state = 'on'),
       scope, staff
from access_user where name_key = $1

-- name: count_other_owners
select count(*) from access_user where role = 'owner' and state = 'active' and id <> $1

-- name: update_user
update access_user set display_name = $2, role = $3, state = $4, scope = $5, staff = $6
where id = $1

-- name: update_password
update access_user set password_hash = $2 where id = $1

-- name: put_reset
insert into password_reset (user_id, token_hash, expires_at) values ($1, $2, $3)
on conflict (user_id) do update set
  token_hash = excluded.token_hash, expires_at = excluded.expires_at

-- name: select_reset
select u.id, u.name, u.display_name, u.role, u.state, u.created_at, u.last_sign_in_at,
       (select count(*) from second_factor f where f.user_id = u.id and f.state = 'on'),
       u.scope, u.staff
from password_reset r join access_user u on u.id = r.user_id
where r.token_hash = $1 and r.expires_at > $2

-- name: take_reset
delete from password_reset where token_hash = $1 and expires_at > $2

-- name: delete_reset
delete from password_reset where user_id = $1

-- name: delete_second_factor
delete from second_factor where user_id = $1

-- name: delete_recovery_codes
delete from recovery_code where user_id = $1

-- name: delete_user
delete from access_user where id = $1

-- name: delete_sessions
delete from access_session where user_id = $1
