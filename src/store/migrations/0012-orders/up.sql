create table order_fact (
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null,
  order_id text collate "C" not null,
  kind bigint not null,
  customer bigint not null,
  time bigint not null,
  amount bigint,
  items bigint,
  sku_list text,
  coupon text,
  batch bigint,
  counted bigint not null,
  primary key (epoch, transaction_id, sequence)
);
create index order_fact_order on order_fact (order_id);
create index order_fact_customer on order_fact (customer);
create index order_fact_batch on order_fact (batch) where batch is not null;

create table orders (
  id text collate "C" not null primary key,
  customer bigint not null,
  state bigint not null,
  placed_at bigint not null,
  created_at bigint,
  paid_at bigint,
  shipped_at bigint,
  received_at bigint,
  refunded_at bigint,
  closed_at bigint,
  amount bigint,
  paid bigint not null,
  refunded bigint not null,
  items bigint,
  sku_list text,
  coupon text
);
create index orders_customer on orders (customer);
create index orders_placed on orders (placed_at, id);

-- What was paid (kind 1) and refunded (kind 4) in a quarter of an hour; test accounts left out.
create table order_revenue (
  bucket bigint not null,
  kind bigint not null,
  facts bigint not null,
  amount bigint not null,
  primary key (bucket, kind)
);
