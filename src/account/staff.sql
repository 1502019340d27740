-- name: staff
select id, number, name, phone, state, created_at
from staff where number > $1 and find_key like $2 escape '\'
order by number limit $3;

-- name: staff_with
select id, number, name, phone, state, created_at from staff where id = $1;

-- name: stores_of_staff
select store from staff_store where staff = $1 order by store;

-- name: count_staff
select count(*) from staff;

-- name: staff_taken
select 1 from staff where number = $1 and id <> $2;

-- name: insert_staff
insert into staff (id, number, name, phone, state, find_key, created_at)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: update_staff
update staff set number = $2, name = $3, phone = $4, state = $5, find_key = $6 where id = $1;

-- name: clear_stores
delete from staff_store where staff = $1;

-- name: insert_store_of_staff
insert into staff_store (staff, store) select $1, id from store where id = $2;
