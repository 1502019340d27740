-- name: read_mark
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

-- name: write_mark
insert into store_meta (key, value) values ('demo.made_at', $1);
