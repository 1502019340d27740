-- name: newest_customers
select c.id, c.created_at
from customer c
where not exists (select 1 from customer_alias a where a.customer = c.id) and
      (c.created_at, c.id) < ($1, $2)
order by c.created_at desc, c.id desc
limit $3;

-- name: newest_of_sqlite
select c.id, c.created_at
from customer c
where c.id in (select value from json_each($4)) and
      not exists (select 1 from customer_alias a where a.customer = c.id) and
      (c.created_at, c.id) < ($1, $2)
order by c.created_at desc, c.id desc
limit $3;

-- name: newest_of_postgresql
select c.id, c.created_at
from customer c
where c.id in (select unnest($4::bigint[])) and
      not exists (select 1 from customer_alias a where a.customer = c.id) and
      (c.created_at, c.id) < ($1, $2)
order by c.created_at desc, c.id desc
limit $3;

-- name: customers_by_identity
select i.normal, i.kind, i.account, coalesce(a.person, i.customer), c.created_at
from identity i
left join customer_alias a on a.customer = i.customer
join customer c on c.id = coalesce(a.person, i.customer)
where i.normal >= $1 and i.normal < $2 and (i.normal, i.kind, i.account) > ($3, $4, $5)
order by i.normal, i.kind, i.account
limit $6;

-- name: customers_by_whole_identity
select coalesce(a.person, i.customer), c.created_at
from identity i
left join customer_alias a on a.customer = i.customer
join customer c on c.id = coalesce(a.person, i.customer)
where i.normal = $1
order by i.kind, i.account
limit $2;

-- $1: the last four of $2. Kind 2 is phone; the expression and the kind are those of the index.
-- name: customers_by_tail
select coalesce(a.person, i.customer), c.created_at
from identity i
left join customer_alias a on a.customer = i.customer
join customer c on c.id = coalesce(a.person, i.customer)
where i.kind = 2 and substr(i.normal, length(i.normal) - 3) = $1 and i.normal like $2
order by c.created_at desc, c.id
limit $3;
