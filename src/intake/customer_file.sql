-- Changes of attributes that history has for a customer at one moment.
-- name: attribute_changes_at
select visible_event.properties
from visible_event
join event_type on event_type.id = visible_event.type
where visible_event.customer = $1 and visible_event.time = $2
  and event_type.name = 'attribute_changed'
