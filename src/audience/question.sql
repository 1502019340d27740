-- name: customer_keys
select customer, value from identity where kind = 1
order by customer, since, arrived_at, normal;
