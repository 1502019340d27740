-- name: models
select id, key, label_zh, label_en, description_zh, description_en, shipped, active, version,
  created_at, changed_at, changed_by
from lifecycle_model where deleted_at is null order by place, key;

-- name: stages
select s.model, s.id, s.key, s.label_zh, s.label_en, s.description_zh, s.description_en,
  s.rule_text, s.tree
from lifecycle_stage s join lifecycle_model m on m.id = s.model
where m.deleted_at is null order by s.model, s.place;

-- name: next_place
select coalesce(max(place), 0) + 1 from lifecycle_model;

-- name: insert_model
insert into lifecycle_model (id, key, label_zh, label_en, description_zh, description_en, shipped,
  active, place, version, created_at, changed_at, changed_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $10, $11);

-- name: set_model
update lifecycle_model set version = version + 1, label_zh = $2, label_en = $3,
  description_zh = $4, description_en = $5, active = $6, changed_at = $7, changed_by = $8
where id = $1;

-- name: delete_model
update lifecycle_model set deleted_at = $2, changed_by = $3 where id = $1;

-- name: delete_uses
delete from lifecycle_use where stage in (select id from lifecycle_stage where model = $1);

-- name: delete_stages
delete from lifecycle_stage where model = $1;

-- name: insert_stage
insert into lifecycle_stage (id, model, place, key, label_zh, label_en, description_zh,
  description_en, rule_text, tree)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: insert_use
insert into lifecycle_use (stage, used) values ($1, $2) on conflict do nothing;

-- name: insert_version
insert into lifecycle_version (model, version, content, at, by_whom) values ($1, $2, $3, $4, $5);

-- name: versions_of
select version, content, at, by_whom from lifecycle_version where model = $1 order by version desc;

-- name: users_of
select m.key, s.key from lifecycle_use u join lifecycle_stage s on s.id = u.stage
  join lifecycle_model m on m.id = s.model
where u.used = $1 and m.id <> $1
  and not exists (select 1 from lifecycle_stage own where own.id = $1 and own.model = m.id)
order by m.place, m.key, s.place;

-- name: is_shipped
select at from lifecycle_shipped where key = $1;

-- name: insert_shipped
insert into lifecycle_shipped (key, at) values ($1, $2) on conflict do nothing;
