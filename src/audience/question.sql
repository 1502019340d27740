-- name: keys_of_sqlite
select customer, value from identity
where kind = 1 and customer in (select value from json_each($1))
order by customer, since, arrived_at, normal;

-- name: keys_of_postgresql
select customer, value from identity
where kind = 1 and customer in (select unnest($1::bigint[]))
order by customer, since, arrived_at, normal;

-- name: customer_keys
select customer, value from identity where kind = 1 and customer between $1 and $2
order by customer, since, arrived_at, normal;
