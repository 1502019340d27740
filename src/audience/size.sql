-- name: sizes_of
select at, customers, epoch, transaction_id, sequence, computed_at
from audience_size
where audience = $1 and version = $2 and computed_at > $3
order by at;

-- name: keep_size
insert into audience_size
  (audience, version, at, customers, epoch, transaction_id, sequence, computed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (audience, version, at) do update set
  customers = excluded.customers, epoch = excluded.epoch,
  transaction_id = excluded.transaction_id, sequence = excluded.sequence,
  computed_at = excluded.computed_at
where audience_size.computed_at < excluded.computed_at;

-- name: drop_sizes
delete from audience_size where audience = $1 and (version <> $2 or computed_at <= $3);

-- name: forget_sizes
delete from audience_size;
