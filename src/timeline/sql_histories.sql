-- name: list_sources
select id, name from event_source
