-- name: customer_keys
select customer, value from identity where kind = 1 and customer between $1 and $2
order by customer, since, arrived_at, normal;
