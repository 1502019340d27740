-- What orders hold is told line by line as well: the rows made from the log are made anew by the
-- reader, from its beginning.
delete from order_fact;
delete from orders;
delete from order_revenue;
delete from log_reader where name = 'orders';

-- What a summary of orders adds up, without reading the orders themselves.
create index orders_summary on orders (placed_at, state, paid_at, paid, refunded, customer);
