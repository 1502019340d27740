-- name: identity_kinds
select id, name, form, one_per_person from identity_kind order by id;

-- name: identity_kind_named
select id, name, form, one_per_person from identity_kind where name = $1;

-- name: insert_identity_kind
insert into identity_kind (id, name, form, one_per_person)
select coalesce(max(id), 0) + 1, $1, $2, $3 from identity_kind;

-- name: find_identity
select i.customer, coalesce(a.person, i.customer)
from identity i left join customer_alias a on a.customer = i.customer
where i.kind = $1 and i.account = $2 and i.normal = $3;

-- The list is one parameter: a JSON array on SQLite, an array on PostgreSQL. Numbers from 0.
-- name: find_identities_sqlite
select asked.key, i.customer, coalesce(a.person, i.customer)
from json_each($2) as asked
cross join identity i on i.kind = $1 and i.account = '' and i.normal = asked.value
left join customer_alias a on a.customer = i.customer;

-- One look-up by key each, whatever is known of the tables' size when it is planned: as a plain
-- join PostgreSQL compares every key with every identity of a table it takes for empty.
-- name: find_identities_postgresql
select asked.number - 1, i.customer,
       coalesce((select person from customer_alias where customer = i.customer), i.customer)
from unnest($2::text[]) with ordinality as asked (normal, number)
cross join lateral
     (select customer from identity
      where kind = $1 and account = '' and normal = asked.normal limit 1) as i;

-- name: insert_identity
insert into identity
  (kind, account, normal, value, customer, since, arrived_at, source, by_whom, batch)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (kind, account, normal) do nothing;

-- The same of many, in their order: lists of what differs. Answers those that were given.
-- name: insert_identities_postgresql
insert into identity
  (kind, account, normal, value, customer, since, arrived_at, source, by_whom, batch)
select given.kind, given.account, given.normal, given.value, given.customer, given.since, $7, $8,
       $9, $10::bigint
from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
     with ordinality as given (kind, account, normal, value, customer, since, number)
order by given.number
on conflict (kind, account, normal) do nothing
returning kind, account, normal;

-- name: insert_customers_postgresql
insert into customer (id, created_at, arrived_at, source, by_whom, batch)
select given.id, given.created_at, $3, $4, $5, $6::bigint
from unnest($1::bigint[], $2::bigint[]) as given (id, created_at);

-- name: delete_identity
delete from identity where kind = $1 and account = $2 and normal = $3;

-- name: identity_value
select value from identity where kind = $1 and account = $2 and normal = $3;

-- name: count_identities
select count(*) from identity where customer = $1;

-- name: insert_customer
insert into customer (id, created_at, arrived_at, source, by_whom, batch)
values ($1, $2, $3, $4, $5, $6);

-- name: key_of
select value from identity
where customer = $1 and kind = 1
order by since, arrived_at, normal limit 1;

-- name: identities_of
select i.customer, i.kind, k.name, i.account, i.value, i.since, i.source
from (select * from identity where customer = $1
      union all
      select o.* from customer_alias a join identity o on o.customer = a.customer
      where a.person = $1) i
join identity_kind k on k.id = i.kind
order by i.kind, i.account, i.normal;

-- name: identity_version
select version from identity_version where id = 1;

-- name: raise_identity_version
update identity_version set version = version + 1 where id = 1;
