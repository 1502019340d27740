-- Slices of the log, so that no read takes long.
-- name: events_after_sqlite
select epoch, transaction_id, sequence, customer, type, source
from visible_event
where sequence > $1
order by sequence
limit $2

-- name: events_after_postgresql
select epoch, transaction_id, sequence, customer, type, source
from visible_event
where (epoch, transaction_id, sequence) > ($1, $2, $3)
order by epoch, transaction_id, sequence
limit $4

-- name: find_customer
select 1 from customer where id = $1

-- name: find_type
select 1 from event_type where id = $1

-- name: find_source
select 1 from event_source where id = $1

-- Every other block answers the ids of what is wrong, at most $1 of them.
-- name: identities_without_customer
select i.customer from identity i left join customer c on c.id = i.customer
where c.id is null limit $1

-- name: values_without_customer
select v.customer from attribute_value v left join customer c on c.id = v.customer
where c.id is null limit $1

-- name: tags_without_customer
select v.customer from customer_tag v left join customer c on c.id = v.customer
where c.id is null limit $1

-- name: lists_without_customer
select v.customer from customer_list v left join customer c on c.id = v.customer
where c.id is null limit $1

-- name: consents_without_customer
select v.customer from consent v left join customer c on c.id = v.customer
where c.id is null limit $1

-- An alias ends at a customer who is there and is nobody's alias.
-- name: aliases_without_end
select a.customer from customer_alias a
left join customer c on c.id = a.person
left join customer_alias next on next.customer = a.person
where c.id is null or next.customer is not null limit $1

-- name: count_customers
select count(*) from customer

-- name: count_timers
select count(*) from timer;

-- name: count_aliases
select count(*) from customer_alias
