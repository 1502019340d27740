-- name: brand_accounts
select id, kind, external_id, name, state, created_at from brand_account order by kind, name, id;

-- name: brand_account_with
select id, kind, external_id, name, state, created_at from brand_account where id = $1;

-- name: count_brand_accounts
select count(*) from brand_account;

-- name: brand_account_taken
select 1 from brand_account where kind = $1 and external_id = $2 and id <> $3;

-- name: insert_brand_account
insert into brand_account (id, kind, external_id, name, state, created_at)
values ($1, $2, $3, $4, $5, $6);

-- name: update_brand_account
update brand_account set external_id = $2, name = $3, state = $4 where id = $1;
