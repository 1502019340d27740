-- name: facts_between
select kind, epoch, transaction_id, sequence, customer, time, amount, items, sku_list, coupon,
       order_id, counted
from order_fact
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch, transaction_id, sequence) <= ($4, $5, $6)
order by epoch, transaction_id, sequence;

-- name: next_order_ids
select id from (select order_id as id from order_fact where order_id > $1
                union select id from orders where id > $1) as every
order by id
limit $2;

-- name: facts_of_orders_between
select order_id, kind, epoch, transaction_id, sequence, customer, time, amount, items, sku_list,
       coupon
from order_fact
where order_id > $1 and order_id <= $2
order by order_id, time, epoch, transaction_id, sequence;

-- name: orders_between
select id, customer, state, placed_at, created_at, paid_at, shipped_at, received_at, refunded_at,
       closed_at, amount, paid, refunded, items, sku_list, coupon
from orders
where id > $1 and id <= $2
order by id;

-- name: counted_facts
select kind, time, coalesce(amount, 0) from order_fact where counted = 1 and kind in (1, 4);

-- name: all_revenue
select bucket, kind, facts, amount from order_revenue;
