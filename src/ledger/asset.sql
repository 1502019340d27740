-- name: insert_asset
insert into asset (id, code, kind, scale, grace, expired, adjusted, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (code) do nothing;

-- name: asset_with
select id, code, kind, scale, grace, expired, adjusted from asset where code = $1;

-- name: asset_of
select id, code, kind, scale, grace, expired, adjusted from asset where id = $1;

-- name: assets_after
select id, code, kind, scale, grace, expired, adjusted from asset
where code > $1
order by code
limit $2;

-- name: set_grace
update asset set grace = $2 where code = $1;
