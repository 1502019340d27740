-- name: event_labels
select name, label_zh, label_en from event_type where label_zh <> '' or label_en <> ''

-- name: event_label
select label_zh, label_en from event_type where id = $1

-- name: label_event
update event_type set label_zh = $2, label_en = $3 where id = $1
