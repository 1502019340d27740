-- name: insert_webhook
insert into webhook (id, name, url, events, state, signing_key, old_keys, lane, version, created_at)
values ($1, $2, $3, $4, $5, $6, '[]', $7, 1, $8)
on conflict do nothing;

-- name: change_webhook
update webhook set name = $2, url = $3, events = $4, state = $5, signing_key = $6,
                   old_keys = $8, version = version + 1
where id = $1 and version = $7;

-- name: remove_webhook
delete from webhook where id = $1;

-- name: is_name_taken
select case when exists (select 1 from webhook where name = $1 and id <> $2) then 1 else 0 end;

-- name: count_webhooks
select count(*) from webhook;

-- name: webhook_with
select id, name, url, events, state, signing_key, lane, version, created_at, old_keys from webhook
where id = $1;

-- name: all_webhooks
select id, name, url, events, state, signing_key, lane, version, created_at, old_keys from webhook
order by name;
