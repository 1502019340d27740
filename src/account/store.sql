-- name: stores
select id, code, name, city, address, latitude, longitude, state, created_at
from store where code > $1 and find_key like $2 escape '\'
order by code limit $3;

-- name: store_with
select id, code, name, city, address, latitude, longitude, state, created_at
from store where id = $1;

-- name: count_stores
select count(*) from store;

-- name: store_taken
select case when code = $1 or name = $1 then 1 else 0 end
from store where (code in ($1, $2) or name in ($1, $2)) and id <> $3
order by 1 desc;

-- name: insert_store
insert into store (id, code, name, city, address, latitude, longitude, state, find_key, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: update_store
update store set code = $2, name = $3, city = $4, address = $5, latitude = $6, longitude = $7,
  state = $8, find_key = $9
where id = $1;
