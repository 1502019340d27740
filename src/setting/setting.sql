-- name: setting_named
select value from setting where name = $1;

-- name: all_settings
select name, value from setting;

-- name: set_setting
insert into setting (name, value, changed_at, by_whom) values ($1, $2, $3, $4)
on conflict (name) do update set
  value = excluded.value, changed_at = excluded.changed_at, by_whom = excluded.by_whom;

-- name: delete_setting
delete from setting where name = $1;
