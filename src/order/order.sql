-- Statements over orders are put together: orders + page (+ of_customers) + latest_first,
-- orders + with_id, summary (+ summary_of_customers).

-- name: orders
select id, customer, state, placed_at, created_at, paid_at, shipped_at, received_at, refunded_at,
       closed_at, amount, paid, refunded, items, sku_list, coupon
from orders

-- name: page
where (placed_at, id) < ($1, $2) and placed_at >= $3 and placed_at < $4 and ($5 < 0 or state = $5)

-- name: of_customers_sqlite
  and customer in (select value from json_each($7))

-- name: of_customers_postgresql
  and customer in (select unnest($7::bigint[]))

-- name: latest_first
order by placed_at desc, id desc
limit $6

-- name: with_id
where id = $1

-- name: facts_of_order
select kind, epoch, transaction_id, sequence, customer, time, amount, items, sku_list, coupon
from order_fact where order_id = $1
order by time, epoch, transaction_id, sequence
limit $2;

-- Of all in a range; the index orders_summary holds what it needs.
-- name: summary
select count(*), count(paid_at), coalesce(sum(paid), 0), coalesce(sum(refunded), 0)
from orders where placed_at >= $1 and placed_at < $2 and ($3 < 0 or state = $3)

-- name: summary_of_customers_sqlite
  and customer in (select value from json_each($4))

-- name: summary_of_customers_postgresql
  and customer in (select unnest($4::bigint[]))

-- name: totals_sqlite
select coalesce(sum(case when paid_at is null then 0 else 1 end), 0), coalesce(sum(paid), 0),
       coalesce(sum(refunded), 0)
from orders where customer in (select value from json_each($1));

-- name: totals_postgresql
select coalesce(sum(case when paid_at is null then 0 else 1 end), 0), coalesce(sum(paid), 0),
       coalesce(sum(refunded), 0)
from orders where customer in (select unnest($1::bigint[]));

-- name: revenue
select bucket, kind, facts, amount from order_revenue
where bucket >= $1 and bucket < $2
order by bucket, kind;

-- name: revenue_of_sqlite
select time, kind, coalesce(amount, 0) from order_fact
where customer in (select value from json_each($1)) and time >= $2 and time < $3
  and counted = 1 and kind in (1, 4)
order by time;

-- name: revenue_of_postgresql
select time, kind, coalesce(amount, 0) from order_fact
where customer in (select unnest($1::bigint[])) and time >= $2 and time < $3
  and counted = 1 and kind in (1, 4)
order by time;
