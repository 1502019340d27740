-- name: list_sources
select id, name from event_source

-- The newest first. The person's own events and those of customers merged into them are two steps
-- into an index each and come together cut to the page; one `in (…)` over both would have
-- PostgreSQL read and sort all they ever did. A customer is no alias of themselves, so that no
-- event comes twice.
-- name: page_of_person
select type, time, arrived, epoch, transaction_id, sequence, source, live, properties
from (select * from (
        select event.type, event.time, event.arrived, event.epoch, event.transaction_id,
               event.sequence, event.source, event.live, event.properties
        from visible_event as event
        where event.customer = $1 and event.time <= $2
          and (event.time < $2
               or (event.epoch, event.transaction_id, event.sequence) < ($3, $4, $5))
        order by event.time desc, event.epoch desc, event.transaction_id desc, event.sequence desc
        limit $6) own
      union all
      select * from (
        select event.type, event.time, event.arrived, event.epoch, event.transaction_id,
               event.sequence, event.source, event.live, event.properties
        from customer_alias join visible_event as event on event.customer = customer_alias.customer
        where customer_alias.person = $1 and event.time <= $2
          and (event.time < $2
               or (event.epoch, event.transaction_id, event.sequence) < ($3, $4, $5))
        order by event.time desc, event.epoch desc, event.transaction_id desc, event.sequence desc
        limit $6) merged) both_of_them
order by time desc, epoch desc, transaction_id desc, sequence desc
limit $6
