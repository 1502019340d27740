-- name: attributes
select id, name, type, declared, wrong_type_count, label_zh, label_en, personal
from attribute order by name;

-- name: attribute_named
select id, name, type, declared, wrong_type_count, label_zh, label_en, personal
from attribute where name = $1;

-- name: attribute_with
select id, name, type, declared, wrong_type_count, label_zh, label_en, personal
from attribute where id = $1;

-- name: note_attribute
update attribute set label_zh = $2, label_en = $3, personal = $4 where id = $1;

-- name: count_attributes
select count(*) from attribute;

-- name: insert_attribute
insert into attribute (id, name, type, declared, wrong_type_count)
select coalesce(max(id), 0) + 1, $1, $2, $3, 0 from attribute;

-- name: mark_attribute_declared
update attribute set declared = 1 where id = $1;

-- name: count_wrong_types
update attribute set wrong_type_count = wrong_type_count + $2 where id = $1;

-- name: attribute_standing
select customer, value, raw, since, at_epoch, at_unit, at_sequence
from attribute_value where customer = $1 and attribute = $2
union all
select v.customer, v.value, v.raw, v.since, v.at_epoch, v.at_unit, v.at_sequence
from customer_alias a join attribute_value v on v.customer = a.customer and v.attribute = $2
where a.person = $1;

-- name: set_attribute_value
insert into attribute_value (customer, attribute, value, raw, since, at_epoch, at_unit,
                             at_sequence, source, by_whom, batch)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (customer, attribute) do update set
  value = excluded.value, raw = excluded.raw, since = excluded.since,
  at_epoch = excluded.at_epoch, at_unit = excluded.at_unit, at_sequence = excluded.at_sequence,
  source = excluded.source, by_whom = excluded.by_whom, batch = excluded.batch
where (attribute_value.since, attribute_value.at_epoch, attribute_value.at_unit,
       attribute_value.at_sequence)
      < (excluded.since, excluded.at_epoch, excluded.at_unit, excluded.at_sequence);

-- The same of lists, the last of each customer's attribute: one statement changes no row twice.
-- name: set_attribute_values_postgresql
insert into attribute_value (customer, attribute, value, raw, since, at_epoch, at_unit,
                             at_sequence, source, by_whom, batch)
select distinct on (given.customer, given.attribute)
       given.customer, given.attribute, given.value, given.raw, given.since, $7::bigint,
       $8::bigint, given.sequence, $9, $10, $11::bigint
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
     as given (customer, attribute, value, raw, since, sequence)
order by given.customer, given.attribute, given.since desc, given.sequence desc
on conflict (customer, attribute) do update set
  value = excluded.value, raw = excluded.raw, since = excluded.since,
  at_epoch = excluded.at_epoch, at_unit = excluded.at_unit, at_sequence = excluded.at_sequence,
  source = excluded.source, by_whom = excluded.by_whom, batch = excluded.batch
where (attribute_value.since, attribute_value.at_epoch, attribute_value.at_unit,
       attribute_value.at_sequence)
      < (excluded.since, excluded.at_epoch, excluded.at_unit, excluded.at_sequence);

-- name: attributes_of
select v.attribute, a.name, a.type, v.value, v.raw, v.source, v.by_whom,
       v.since, v.at_epoch, v.at_unit, v.at_sequence
from (select * from attribute_value where customer = $1
      union all
      select o.* from customer_alias m join attribute_value o on o.customer = m.customer
      where m.person = $1) v
join attribute a on a.id = v.attribute
order by a.name, v.since, v.at_epoch, v.at_unit, v.at_sequence;
