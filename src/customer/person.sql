-- name: customer_with
select c.id, coalesce(a.person, c.id), c.created_at
from customer c left join customer_alias a on a.customer = c.id
where c.id = $1;

-- name: customers_of
select id, created_at from customer
where id in (select cast($1 as bigint) union all
             select customer from customer_alias where person = $1)
order by id;

-- name: each_customer
select customer, person, created_at from customer_person order by person, customer;

-- name: count_persons
select (select count(*) from customer) - (select count(*) from customer_alias);
