-- name: audiences
select id, name, version, rule_text, tree, created_at, changed_at, changed_by
from audience where deleted_at is null order by name;

-- name: audience_with
select id, name, version, rule_text, tree, created_at, changed_at, changed_by
from audience where id = $1 and deleted_at is null;

-- name: audience_named
select id, name, version, rule_text, tree, created_at, changed_at, changed_by
from audience where name = $1 and deleted_at is null;

-- name: audience_trees
select id, name, tree from audience where deleted_at is null order by name;

-- name: count_audiences
select count(*) from audience where deleted_at is null;

-- name: insert_audience
insert into audience (id, name, version, rule_text, tree, created_at, changed_at, changed_by)
values ($1, $2, 1, $3, $4, $5, $5, $6);

-- name: set_audience
update audience set version = version + 1, name = $2, rule_text = $3, tree = $4, changed_at = $5,
  changed_by = $6
where id = $1;

-- name: delete_audience
update audience set deleted_at = $2, changed_by = $3 where id = $1;

-- name: insert_version
insert into audience_version (audience, version, name, rule_text, tree, at, by_whom)
select id, version, name, rule_text, tree, changed_at, changed_by from audience where id = $1;

-- name: versions_of
select version, name, rule_text, tree, at, by_whom from audience_version where audience = $1
order by version desc;

-- name: insert_use
insert into audience_use (audience, used) values ($1, $2) on conflict do nothing;

-- name: delete_uses
delete from audience_use where audience = $1;

-- name: users_of
select a.name from audience_use u join audience a on a.id = u.audience
where u.used = $1 and u.audience <> $1 order by a.name;
