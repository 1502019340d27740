-- name: add_fact
insert into order_fact (epoch, transaction_id, sequence, order_id, kind, customer, time, amount,
                        items, sku_list, coupon, batch, counted)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (epoch, transaction_id, sequence) do nothing;

-- name: facts_of_orders_sqlite
select order_id, kind, epoch, transaction_id, sequence, customer, time, amount, items, sku_list,
       coupon
from order_fact
where order_id in (select value from json_each($1))
order by order_id, time, epoch, transaction_id, sequence;

-- name: facts_of_orders_postgresql
select order_id, kind, epoch, transaction_id, sequence, customer, time, amount, items, sku_list,
       coupon
from order_fact
where order_id in (select unnest($1::text[]))
order by order_id, time, epoch, transaction_id, sequence;

-- name: facts_of_customer
select epoch, transaction_id, sequence, order_id, kind, time, amount, counted
from order_fact where customer = $1;

-- name: facts_of_batch
select epoch, transaction_id, sequence, order_id, kind, time, amount, counted
from order_fact where batch = $1
limit $2;

-- name: remove_fact
delete from order_fact where epoch = $1 and transaction_id = $2 and sequence = $3;

-- name: count_fact
update order_fact set counted = $4 where epoch = $1 and transaction_id = $2 and sequence = $3;

-- name: set_order
insert into orders (id, customer, state, placed_at, created_at, paid_at, shipped_at, received_at,
                    refunded_at, closed_at, amount, paid, refunded, items, sku_list, coupon)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
on conflict (id) do update set
  customer = excluded.customer, state = excluded.state, placed_at = excluded.placed_at,
  created_at = excluded.created_at, paid_at = excluded.paid_at,
  shipped_at = excluded.shipped_at, received_at = excluded.received_at,
  refunded_at = excluded.refunded_at, closed_at = excluded.closed_at, amount = excluded.amount,
  paid = excluded.paid, refunded = excluded.refunded, items = excluded.items,
  sku_list = excluded.sku_list, coupon = excluded.coupon;

-- name: remove_order
delete from orders where id = $1;

-- name: add_revenue
insert into order_revenue (bucket, kind, facts, amount) values ($1, $2, $3, $4)
on conflict (bucket, kind) do update set
  facts = order_revenue.facts + excluded.facts, amount = order_revenue.amount + excluded.amount;

-- name: remove_empty_revenue
delete from order_revenue where bucket = $1 and kind = $2 and facts = 0;

-- name: clear_facts
delete from order_fact;

-- name: clear_orders
delete from orders;

-- name: clear_revenue
delete from order_revenue;
