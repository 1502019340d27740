-- Free when it expired, or would expire later than any that was taken now: the clock was ahead
-- then. One's own unexpired lease is renewed and keeps its fence.
-- name: acquire_lease
insert into lease (name, owner, fence, expires) values ($1, $2, 1, $4)
on conflict (name) do update
set fence = case when lease.owner = $2 and lease.expires > $3 then lease.fence
                 else lease.fence + 1 end,
    expires = case when lease.owner = $2 and lease.expires > $4 then lease.expires else $4 end,
    owner = $2
where lease.expires <= $3 or lease.owner = $2 or lease.expires > $5
returning name, owner, fence, expires

-- name: renew_lease
update lease set expires = case when expires > $5 then expires else $5 end
where name = $1 and owner = $2 and fence = $3 and expires > $4
returning name, owner, fence, expires

-- name: release_lease
update lease set owner = 0, expires = 0 where name = $1 and owner = $2 and fence = $3

-- name: release_leases
update lease set owner = 0, expires = 0

-- name: find_lease
select name, owner, fence, expires from lease where name = $1

-- name: hold_fence
update lease set fence = fence where name = $1 and fence = $2
