-- Persons: who was merged into another is that one, who was erased is nobody. Of all rows about an
-- attribute the last one counts. In a text list "|" stands between the parts, and "\" before a "|"
-- or "\" that belongs to one: both are put aside (char(1), char(2)) while "|" becomes "," of JSON.
create view v_customers as
select c.id as customer,
       coalesce((select i.value from identity i where i.customer = c.id and i.kind = 1
                 order by i.since, i.arrived_at, i.normal limit 1), 'c_' || c.id) as key,
       c.created_at as created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', c.created_at / 1000.0, 'unixepoch') as created_at_utc,
       c.source as source,
       case when c.id in (select person from test_person)
            then 1 else 0 end as is_test,
       (select json_group_object(one.name, json(one.json))
        from (select n.name,
                     case when n.type in ('int', 'bool') then v.value
                          when n.type = 'text_list' and v.value = '' then '[]'
                          when n.type = 'text_list' then
                            '[' || replace(replace(replace(replace(replace(json_quote(v.value),
                              '\\\\', char(1)), '\\|', char(2)), '|', '","'),
                              char(2), '|'), char(1), '\\') || ']'
                          else json_quote(v.value) end as json
              from (select every.*, row_number() over (
                      partition by attribute
                      order by since desc, at_epoch desc, at_unit desc, at_sequence desc) as place
                    from (select * from attribute_value where customer = c.id
                          union all
                          select o.* from customer_alias m
                          join attribute_value o on o.customer = m.customer
                          where m.person = c.id) every) v
              join attribute n on n.id = v.attribute
              where v.place = 1 and v.value is not null
              order by n.name) one) as attributes
from customer c
where not exists (select 1 from customer_alias a where a.customer = c.id);

create view v_events as
select cast(e.sequence as text) as position,
       e.sequence as sequence,
       coalesce(a.person, e.customer) as customer,
       t.name as name,
       e.time as time,
       strftime('%Y-%m-%dT%H:%M:%fZ', e.time / 1000.0, 'unixepoch') as time_utc,
       e.arrived as arrived_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', e.arrived / 1000.0, 'unixepoch') as arrived_at_utc,
       s.name as source,
       e.live as live,
       e.batch as import_id,
       case when coalesce(a.person, e.customer) in (select person from test_person)
            then 1 else 0 end as is_test,
       e.properties as properties
from visible_event e
join event_type t on t.id = e.type
join event_source s on s.id = e.source
left join customer_alias a on a.customer = e.customer;

create view v_orders as
select o.id as id,
       coalesce(a.person, o.customer) as customer,
       case o.state when 0 then 'created' when 1 then 'paid' when 2 then 'shipped'
                    when 3 then 'received' when 4 then 'refunded' else 'closed' end as state,
       o.placed_at as placed_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.placed_at / 1000.0, 'unixepoch') as placed_at_utc,
       o.created_at as created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.created_at / 1000.0, 'unixepoch') as created_at_utc,
       o.paid_at as paid_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.paid_at / 1000.0, 'unixepoch') as paid_at_utc,
       o.shipped_at as shipped_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.shipped_at / 1000.0, 'unixepoch') as shipped_at_utc,
       o.received_at as received_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.received_at / 1000.0, 'unixepoch') as received_at_utc,
       o.refunded_at as refunded_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.refunded_at / 1000.0, 'unixepoch') as refunded_at_utc,
       o.closed_at as closed_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.closed_at / 1000.0, 'unixepoch') as closed_at_utc,
       o.amount as amount_cents,
       o.paid as paid_cents,
       o.refunded as refunded_cents,
       o.paid - o.refunded as net_cents,
       o.items as items,
       o.coupon as coupon,
       case when coalesce(a.person, o.customer) in (select person from test_person)
            then 1 else 0 end as is_test,
       coalesce(o.sku_list, '[]') as sku_list
from orders o
join customer c on c.id = o.customer
left join customer_alias a on a.customer = o.customer;

-- Every payment and refund at its own time: the net revenue of a period is the sum of net_cents.
create view v_payments as
select f.order_id as order_id,
       coalesce(a.person, f.customer) as customer,
       case f.kind when 1 then 'paid' else 'refunded' end as kind,
       f.time as time,
       strftime('%Y-%m-%dT%H:%M:%fZ', f.time / 1000.0, 'unixepoch') as time_utc,
       coalesce(f.amount, 0) as amount_cents,
       case f.kind when 1 then 1 else -1 end * coalesce(f.amount, 0) as net_cents,
       case when coalesce(a.person, f.customer) in (select person from test_person)
            then 1 else 0 end as is_test
from order_fact f
join customer c on c.id = f.customer
left join customer_alias a on a.customer = f.customer
where f.kind in (1, 4);

-- Of all a person's rows about a tag the last one says whether they have it.
create view v_tags as
select coalesce(a.person, t.customer) as customer,
       g.name as tag_group,
       tag.name as tag,
       t.since as since,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.since / 1000.0, 'unixepoch') as since_utc,
       t.source as source,
       t.by_whom as by_whom,
       case when coalesce(a.person, t.customer) in (select person from test_person)
            then 1 else 0 end as is_test
from customer_tag t
join customer c on c.id = t.customer
join tag on tag.id = t.tag
join tag_group g on g.id = tag.tag_group
left join customer_alias a on a.customer = t.customer
where t.present = 1
  and not exists (
    select 1 from customer_tag o
    where o.customer = coalesce(a.person, t.customer) and o.tag = t.tag
      and (o.since, o.at_epoch, o.at_unit, o.at_sequence)
          > (t.since, t.at_epoch, t.at_unit, t.at_sequence))
  and not exists (
    select 1 from customer_alias m
    join customer_tag o on o.customer = m.customer and o.tag = t.tag
    where m.person = coalesce(a.person, t.customer)
      and (o.since, o.at_epoch, o.at_unit, o.at_sequence)
          > (t.since, t.at_epoch, t.at_unit, t.at_sequence));
