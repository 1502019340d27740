-- name: insert_account
insert into ledger_account (id, asset, owner_kind, owner, book, debt_allowed, has_lots, opened_at,
                            posted, held, postings, seen)
values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0)
on conflict (asset, owner_kind, owner, book) do nothing;

-- name: account_with
select id, asset, owner_kind, owner, book, debt_allowed, has_lots, opened_at from ledger_account
where asset = $1 and owner_kind = $2 and owner = $3 and book = $4;

-- name: account_of
select id, asset, owner_kind, owner, book, debt_allowed, has_lots, opened_at from ledger_account
where id = $1;

-- name: accounts_of_owner
select id, asset, owner_kind, owner, book, debt_allowed, has_lots, opened_at from ledger_account
where owner_kind = $1 and owner = $2 and id > $3 and (cast($5 as bigint) = 0 or asset = $5)
order by id
limit $4;

-- name: accounts_of_asset
select id, asset, owner_kind, owner, book, debt_allowed, has_lots, opened_at from ledger_account
where asset = $1 and id > $2
order by id
limit $3;
