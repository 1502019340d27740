-- name: catalog_version
select catalog_version from log_state where id = 1

-- name: raise_catalog_version
update log_state set catalog_version = catalog_version + 1 where id = 1

-- name: list_types
select id, name, standard, declared from event_type order by name collate "C"

-- name: list_properties
select id, type, name, value_type, label_zh, label_en, personal
from event_property order by type, name collate "C"

-- name: find_type
select id, declared from event_type where name = $1

-- name: count_types
select count(*) from event_type

-- Of two units that add at once the second waits for the first, finds the id or the name taken,
-- adds nothing and looks again.
-- name: add_type
insert into event_type (id, name, standard, declared)
select coalesce(max(id), 0) + 1, $1, 0, $2 from event_type where true
on conflict do nothing

-- name: mark_declared
update event_type set declared = 1 where id = $1

-- name: find_property
select value_type from event_property where type = $1 and name = $2

-- name: count_properties
select count(*) from event_property where type = $1

-- name: add_property
insert into event_property (id, type, name, value_type, wrong_values)
select coalesce(max(id), 0) + 1, $1, $2, $3, 0 from event_property where true
on conflict do nothing

-- name: note_property
update event_property set label_zh = $2, label_en = $3, personal = $4 where id = $1

-- name: count_wrong_values
update event_property set wrong_values = wrong_values + $2 where id = $1

-- name: wrong_values
select id, wrong_values from event_property where type = $1 and wrong_values > 0 order by id

-- name: find_source
select id from event_source where name = $1

-- name: add_source
insert into event_source (id, name)
select coalesce(max(id), 0) + 1, $1 from event_source where true
on conflict do nothing

-- name: source_name
select name from event_source where id = $1
