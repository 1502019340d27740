-- name: list_sources
select id, name from event_source

-- The newest first; one person's customers are few, their events are found by (customer, time).
-- name: page_of_person
select event.type, event.time, event.arrived, event.epoch, event.transaction_id, event.sequence,
       event.source, event.live, event.properties
from visible_event as event
where event.customer in (select cast($1 as bigint) union all
                         select customer from customer_alias where person = $1)
  and (event.time < $2
       or (event.time = $2
           and (event.epoch, event.transaction_id, event.sequence) < ($3, $4, $5)))
order by event.time desc, event.epoch desc, event.transaction_id desc, event.sequence desc
limit $6
