-- name: lists
select id, name, version from static_list order by name;

-- name: list_named
select id, name, version from static_list where name = $1;

-- name: list_with
select id, name, version from static_list where id = $1;

-- name: count_lists
select count(*) from static_list;

-- name: insert_list
-- No id comes twice: the log goes on telling who was on a list that is gone.
insert into static_list (id, name)
select coalesce(max(id), 0) + 1, $1
from (select id from static_list union all select id from deleted_list) known;

-- name: rename_list
update static_list set name = $2, version = version + 1 where id = $1;

-- name: keep_deleted_list
insert into deleted_list (id, name, version, deleted_at, deleted_by)
select id, name, version, $2, $3 from static_list where id = $1;

-- name: delete_list
delete from static_list where id = $1;

-- name: deleted_lists
select id, name, version, deleted_at, deleted_by from deleted_list
where (deleted_at, id) < ($1, $2)
order by deleted_at desc, id desc limit $3;

-- name: count_deleted_lists
select count(*) from deleted_list;

-- name: deleted_list_name
select name from deleted_list where id = $1;

-- name: restore_list
insert into static_list (id, name, version)
select id, name, version + 1 from deleted_list where id = $1;

-- name: forget_deleted_list
delete from deleted_list where id = $1;

-- name: list_standing
select customer, present, since, at_epoch, at_unit, at_sequence
from customer_list where customer = $1 and list = $2
union all
select t.customer, t.present, t.since, t.at_epoch, t.at_unit, t.at_sequence
from customer_alias a join customer_list t on t.customer = a.customer and t.list = $2
where a.person = $1;

-- name: set_list
insert into customer_list (customer, list, present, since, at_epoch, at_unit, at_sequence,
                           source, by_whom, batch)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (customer, list) do update set
  present = excluded.present, since = excluded.since, at_epoch = excluded.at_epoch,
  at_unit = excluded.at_unit, at_sequence = excluded.at_sequence,
  source = excluded.source, by_whom = excluded.by_whom, batch = excluded.batch
where (customer_list.since, customer_list.at_epoch, customer_list.at_unit,
       customer_list.at_sequence)
      < (excluded.since, excluded.at_epoch, excluded.at_unit, excluded.at_sequence);

-- A person stands at the one of their customers whose word on the list is the latest.
-- name: list_members
select c.customer, coalesce(a.person, c.customer)
from customer_list c left join customer_alias a on a.customer = c.customer
where c.list = $1 and c.present = 1 and c.customer > $2
  and not exists
      (select 1 from customer_list o
       where o.customer = a.person and o.list = $1
         and (o.since, o.at_epoch, o.at_unit, o.at_sequence)
             > (c.since, c.at_epoch, c.at_unit, c.at_sequence))
  and not exists
      (select 1
       from customer_alias b join customer_list o on o.customer = b.customer and o.list = $1
       where b.person = coalesce(a.person, c.customer)
         and (o.since, o.at_epoch, o.at_unit, o.at_sequence)
             > (c.since, c.at_epoch, c.at_unit, c.at_sequence))
order by c.customer
limit $3;

-- name: lists_of
select l.id, l.name, l.version, c.present, c.since, c.source, c.by_whom
from (select * from customer_list where customer = $1
      union all
      select o.* from customer_alias a join customer_list o on o.customer = a.customer
      where a.person = $1) c
join static_list l on l.id = c.list
order by l.name, c.since, c.at_epoch, c.at_unit, c.at_sequence;
