-- name: insert_channel
insert into http_channel (id, name, account, kind, definition, secrets, version, created_at)
values ($1, $2, $3, $4, $5, '{}', 1, $6)
on conflict do nothing;

-- name: change_channel
update http_channel set name = $2, definition = $3, version = version + 1
where id = $1 and version = $4;

-- name: set_channel_secrets
update http_channel set secrets = $2, version = version + 1 where id = $1 and version = $3;

-- name: remove_channel
delete from http_channel where id = $1;

-- name: channel_with
select id, definition, secrets, version, created_at from http_channel where id = $1;

-- name: channel_of_lane
select id, definition, secrets, version, created_at from http_channel
where account = $1 and kind = $2;

-- name: is_name_taken
select case when exists (select 1 from http_channel where name = $1 and id <> $2) then 1 else 0 end;

-- name: all_channels
select id, definition, secrets, version, created_at from http_channel order by name;
