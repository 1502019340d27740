-- A person is their own rows and those of whom they were merged with, as a union of two look-ups by
-- key: written as "customer in (select …)" PostgreSQL plans it once, while the table is small, as
-- a scan of all of it.

-- Units that found somebody share what removals take alone (PostgreSQL only). The number is below
-- those of store::LockKey.

-- name: hold_customers
select pg_advisory_xact_lock_shared(-600);

-- name: lock_removals
select pg_advisory_xact_lock(-600);

-- name: customer_with
select c.id, coalesce(a.person, c.id), c.created_at
from customer c left join customer_alias a on a.customer = c.id
where c.id = $1;

-- name: customers_of
select id, created_at from customer where id = $1
union all
select c.id, c.created_at
from customer_alias a join customer c on c.id = a.customer
where a.person = $1
order by 1;

-- name: each_customer
select customer, person, created_at from customer_person order by person, customer;

-- name: customers_after
select c.id, coalesce(a.person, c.id), c.created_at,
       case when a.person is not null
              or exists (select 1 from customer_alias o where o.person = c.id)
            then 1 else 0 end
from customer c left join customer_alias a on a.customer = c.id
where c.id > $1
order by c.id
limit $2;

-- name: count_persons
select (select count(*) from customer) - (select count(*) from customer_alias);

-- name: merged_into_sqlite
select customer from customer_alias where person in (select value from json_each($1));

-- name: merged_into_postgresql
select customer from customer_alias where person in (select unnest($1::bigint[]));
