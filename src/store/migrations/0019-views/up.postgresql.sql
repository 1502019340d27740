-- A moment as ISO 8601 in UTC with milliseconds, as the API gives it.
create function utc_text(ms bigint) returns text language sql stable strict parallel safe
return to_char(to_timestamp(floor(ms / 1000.0)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
       || to_char(mod(mod(ms, 1000) + 1000, 1000), '"."FM000"Z"');

-- Persons: who was merged into another is that one, who was erased is nobody. Of all rows about an
-- attribute the last one counts. In a text list "|" stands between the parts, and "\" before a "|"
-- or "\" that belongs to one: both are put aside (chr(1), chr(2)) while "|" becomes "," of JSON.
create view v_customers as
select c.id as customer,
       coalesce((select i.value from identity i where i.customer = c.id and i.kind = 1
                 order by i.since, i.arrived_at, i.normal limit 1), 'c_' || c.id) as key,
       c.created_at as created_at,
       utc_text(c.created_at) as created_at_utc,
       c.source as source,
       case when c.id in (select person from test_person)
            then 1 else 0 end as is_test,
       (select coalesce(json_object_agg(one.name, one.json::json order by one.name), '{}')
        from (select n.name,
                     case when n.type in ('int', 'bool') then v.value
                          when n.type = 'text_list' and v.value = '' then '[]'
                          when n.type = 'text_list' then
                            '[' || replace(replace(replace(replace(replace(to_json(v.value)::text,
                              '\\\\', chr(1)), '\\|', chr(2)), '|', '","'),
                              chr(2), '|'), chr(1), '\\') || ']'
                          else to_json(v.value)::text end as json
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
select case when e.epoch = 0 and e.transaction_id = 0 then e.sequence::text
            else e.epoch || '-' || e.transaction_id || '-' || e.sequence end as position,
       e.sequence as sequence,
       coalesce(a.person, e.customer) as customer,
       t.name as name,
       e.time as time,
       utc_text(e.time) as time_utc,
       e.arrived as arrived_at,
       utc_text(e.arrived) as arrived_at_utc,
       s.name as source,
       e.live as live,
       e.batch as import_id,
       case when coalesce(a.person, e.customer) in (select person from test_person)
            then 1 else 0 end as is_test,
       e.properties::json as properties
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
       utc_text(o.placed_at) as placed_at_utc,
       o.created_at as created_at,
       utc_text(o.created_at) as created_at_utc,
       o.paid_at as paid_at,
       utc_text(o.paid_at) as paid_at_utc,
       o.shipped_at as shipped_at,
       utc_text(o.shipped_at) as shipped_at_utc,
       o.received_at as received_at,
       utc_text(o.received_at) as received_at_utc,
       o.refunded_at as refunded_at,
       utc_text(o.refunded_at) as refunded_at_utc,
       o.closed_at as closed_at,
       utc_text(o.closed_at) as closed_at_utc,
       o.amount as amount_cents,
       o.paid as paid_cents,
       o.refunded as refunded_cents,
       o.paid - o.refunded as net_cents,
       o.items as items,
       o.coupon as coupon,
       case when coalesce(a.person, o.customer) in (select person from test_person)
            then 1 else 0 end as is_test,
       coalesce(o.sku_list, '[]')::json as sku_list
from orders o
join customer c on c.id = o.customer
left join customer_alias a on a.customer = o.customer;

-- Every payment and refund at its own time: the net revenue of a period is the sum of net_cents.
create view v_payments as
select f.order_id as order_id,
       coalesce(a.person, f.customer) as customer,
       case f.kind when 1 then 'paid' else 'refunded' end as kind,
       f.time as time,
       utc_text(f.time) as time_utc,
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
       utc_text(t.since) as since_utc,
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
