-- name: saved_mappings
select id, name, version, mapping, changed_at, changed_by from saved_mapping order by name;

-- name: saved_mapping_with
select id, name, version, mapping, changed_at, changed_by from saved_mapping where id = $1;

-- name: saved_mapping_named
select id, name, version, mapping, changed_at, changed_by from saved_mapping where name = $1;

-- name: count_saved_mappings
select count(*) from saved_mapping;

-- name: insert_saved_mapping
insert into saved_mapping (id, name, version, mapping, created_at, changed_at, changed_by)
values ($1, $2, 1, $3, $4, $4, $5);

-- name: change_saved_mapping
update saved_mapping
set name = $2, mapping = $3, version = version + 1, changed_at = $4, changed_by = $5
where id = $1;

-- name: delete_saved_mapping
delete from saved_mapping where id = $1;
