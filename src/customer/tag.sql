-- name: tag_groups
select id, name from tag_group order by name;

-- name: tag_group_named
select id from tag_group where name = $1;

-- name: insert_tag_group
insert into tag_group (id, name) select coalesce(max(id), 0) + 1, $1 from tag_group;

-- name: count_tag_groups
select count(*) from tag_group;

-- name: count_tags
select count(*) from tag;

-- name: tags
select t.id, t.tag_group, g.name, t.name
from tag t join tag_group g on g.id = t.tag_group
order by g.name, t.name;

-- name: tags_with_name
select t.id, t.tag_group, g.name, t.name
from tag t join tag_group g on g.id = t.tag_group
where t.name = $1
order by g.name;

-- name: tag_in_group
select t.id, t.tag_group, g.name, t.name
from tag t join tag_group g on g.id = t.tag_group
where g.name = $1 and t.name = $2;

-- name: tag_with
select t.id, t.tag_group, g.name, t.name
from tag t join tag_group g on g.id = t.tag_group
where t.id = $1;

-- name: insert_tag
insert into tag (id, tag_group, name) select coalesce(max(id), 0) + 1, $1, $2 from tag;

-- name: rename_tag
update tag set name = $2 where id = $1;

-- name: tag_standing
select customer, present, since, at_epoch, at_unit, at_sequence
from customer_tag where customer = $1 and tag = $2
union all
select t.customer, t.present, t.since, t.at_epoch, t.at_unit, t.at_sequence
from customer_alias a join customer_tag t on t.customer = a.customer and t.tag = $2
where a.person = $1;

-- name: set_tag
insert into customer_tag (customer, tag, present, since, at_epoch, at_unit, at_sequence,
                          source, by_whom, batch)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (customer, tag) do update set
  present = excluded.present, since = excluded.since, at_epoch = excluded.at_epoch,
  at_unit = excluded.at_unit, at_sequence = excluded.at_sequence,
  source = excluded.source, by_whom = excluded.by_whom, batch = excluded.batch
where (customer_tag.since, customer_tag.at_epoch, customer_tag.at_unit, customer_tag.at_sequence)
      < (excluded.since, excluded.at_epoch, excluded.at_unit, excluded.at_sequence);

-- name: tags_of
select t.id, t.tag_group, g.name, t.name, c.present, c.since, c.source, c.by_whom
from (select * from customer_tag where customer = $1
      union all
      select o.* from customer_alias a join customer_tag o on o.customer = a.customer
      where a.person = $1) c
join tag t on t.id = c.tag join tag_group g on g.id = t.tag_group
order by g.name, t.name, c.since, c.at_epoch, c.at_unit, c.at_sequence;
