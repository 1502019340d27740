-- name: count_keys
select count(*) from api_key

-- name: select_active_maker
select 1 from access_user where id = $1 and state = 'active'

-- name: select_living_key
select 1 from api_key where id = $1 and revoked_at is null

-- name: insert_key
insert into api_key
  (id, name, prefix, secret_hash, scopes, created_at, created_by, expires_at, write_only, origins)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (prefix) do nothing

-- name: select_keys
select id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at,
       write_only, origins
from api_key order by created_at desc, id

-- name: select_key
select id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at,
       write_only, origins
from api_key where id = $1

-- name: select_key_by_prefix
select id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at,
       write_only, origins, secret_hash
from api_key where prefix = $1

-- name: select_keys_made_by
select id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at,
       write_only, origins
from api_key where created_by = $1 and revoked_at is null order by id

-- name: revoke_key
update api_key set revoked_at = $2 where id = $1 and revoked_at is null

-- name: touch_key
update api_key set last_used_at = $2
where id = $1 and (last_used_at is null or last_used_at < $2)

-- name: select_public_origins
select origins from api_key
where write_only = 1 and revoked_at is null and (expires_at is null or expires_at > $1)
