-- Every block answers the ids of what is wrong, at most $1 of them.
-- name: events_without_customer
select e.customer from visible_event e left join customer c on c.id = e.customer
where c.id is null limit $1

-- name: events_without_type
select e.sequence from visible_event e left join event_type t on t.id = e.type
where t.id is null limit $1

-- name: events_without_source
select e.sequence from visible_event e left join event_source s on s.id = e.source
where s.id is null limit $1

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

-- name: count_visible_events
select count(*) from visible_event

-- name: count_customers
select count(*) from customer

-- name: count_aliases
select count(*) from customer_alias
