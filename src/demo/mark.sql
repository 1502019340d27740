-- name: read_made
select value from store_meta where key = 'demo.made_at';

-- name: read_begun
select value from store_meta where key = 'demo.begun';

-- What the making writes is the system's; who looks signs in, and is the owner they made of
-- themselves.
-- name: read_touch
select 1 from audit
where actor_kind <> 'system' and noun <> 'session'
  and not (noun = 'user' and subject = cast(actor_id as text))
limit 1;

-- name: write_begun
insert into store_meta (key, value) values ('demo.begun', $1);

-- name: write_made
insert into store_meta (key, value) values ('demo.made_at', $1);

-- name: read_plan
select value from store_meta where key = 'demo.plan';

-- name: write_plan
insert into store_meta (key, value) values ('demo.plan', $1);

-- name: read_lived
select value from store_meta where key = 'demo.lived';

-- name: write_lived
insert into store_meta (key, value) values ('demo.lived', $1);

-- name: move_lived
update store_meta set value = $2 where key = 'demo.lived' and value = $1;
