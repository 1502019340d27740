-- ClickHouse, embedded (chDB) and the server of Debian. $name, $channel_… and $city_… are numbers,
-- $now and $ago_… Unix milliseconds; $event is one of the two tables of events: in the order that
-- one would choose for customers' histories, and in the one that answers rules faster.

-- name: create_event
create table event (
  customer UInt32, time Int64, name UInt8, channel UInt8, sku UInt16, amount UInt32
) engine = MergeTree() partition by toYYYYMM(toDateTime(intDiv(time, 1000)))
order by (customer, time)

-- name: create_event_by_name
create table event_by_name (
  customer UInt32, time Int64, name UInt8, channel UInt8, sku UInt16, amount UInt32
) engine = MergeTree() partition by toYYYYMM(toDateTime(intDiv(time, 1000)))
order by (name, customer, time)

-- name: create_customer
create table customer (number UInt32, city UInt8, birth_year UInt16, birth_month UInt8,
  birth_day UInt8) engine = MergeTree() order by number

-- name: create_level
create table level (customer UInt32, since Int64, value UInt8)
engine = MergeTree() order by (customer, since)

-- name: create_vip
create table vip (customer UInt32, begins Int64, ends Int64)
engine = MergeTree() order by (customer, begins)

-- name: create_marketing
create table marketing (customer UInt32, begins Int64, ends Int64)
engine = MergeTree() order by (customer, begins)

-- name: q3
select customer from $event
where time > $ago_30d and time <= $now
  and (name = $order_paid or (name = $app_opened and time > $ago_7d))
  and customer in (select customer from vip where begins <= $now and ends > $now)
group by customer
having countIf(name = $order_paid) >= 2 and countIf(name = $app_opened) = 0

-- name: count_in_window
select customer from $event
where name = $product_viewed and channel = $channel_app and time > $ago_14d and time <= $now
group by customer having count() >= 5

-- name: did_not
select customer from $event
where name in ($cart_added, $order_paid) and time > $ago_30d and time <= $now
group by customer having countIf(name = $order_paid) = 0

-- name: sum_with_filter
select customer from $event
where name = $order_paid and amount >= 10000 and channel != $channel_web
  and time > $ago_90d and time <= $now
group by customer having sum(amount) >= 100000

-- name: average
select customer from $event
where name = $order_paid and amount > 0 and time >= $quarter and time <= $now
group by customer having sum(amount) > 20000 * count()

-- name: distinct
select customer from $event
where name = $product_viewed and time > $ago_30d and time <= $now
group by customer having uniqExact(sku) >= 20

-- name: on_days
select customer from $event
where name = $checked_in and time > $ago_30d and time <= $now
group by customer having uniqExact(intDiv(time + 28800000, 86400000)) >= 3

-- name: first
select customer from $event
where name = $order_paid and time <= $now
group by customer having min(time) > $ago_30d

-- name: last_with
select customer from $event
where name = $order_paid and time > $ago_90d and time <= $now
group by customer having argMax(channel, time) = $channel_mini

-- The moments of 30 days fit into the 32 bits of a DateTime, whose unit is then a millisecond.
-- name: sequence_within
select customer from $event
where name in ($app_opened, $product_viewed, $cart_added, $order_paid)
  and time > $ago_30d and time <= $now
group by customer
having sequenceMatch('(?1)(?t<=600000)(?2)(?t<=600000)(?3)(?t<=3600000)(?4)')(
  toDateTime(toUInt32(time - $ago_30d)), name = $app_opened, name = $product_viewed,
  name = $cart_added, name = $order_paid)

-- name: sequence_same
select distinct customer from (
  select customer from $event
  where name in ($product_viewed, $cart_added) and sku > 0 and time > $ago_30d and time <= $now
  group by customer, sku
  having sequenceMatch('(?1)(?t<=3600000)(?2)')(
    toDateTime(toUInt32(time - $ago_30d)), name = $product_viewed, name = $cart_added))

-- name: then_not
select customer from (
  select customer, groupArrayIf(time, name = $cart_added) as carts,
    groupArrayIf(time, name = $order_paid) as paid
  from $event
  where name in ($cart_added, $order_paid) and time > $ago_14d and time <= $now
  group by customer having length(carts) > 0)
where arrayExists(
  c -> c + 86400000 < $now and not arrayExists(p -> p > c and p <= c + 86400000, paid), carts)

-- The server of Debian knows no lambda inside a lambda.
-- name: then_not_server
select distinct customer from (
  select customer, arrayJoin(groupArrayIf(time, name = $cart_added)) as added,
    groupArrayIf(time, name = $order_paid) as paid
  from $event
  where name in ($cart_added, $order_paid) and time > $ago_14d and time <= $now
  group by customer)
where added + 86400000 < $now
  and not arrayExists(p -> p > added and p <= added + 86400000, paid)

-- name: attribute_as_of
select customer from $event
where name = $order_paid and time > $ago_90d and time <= $ago_60d
  and customer in (select number from customer where city = $city_hangzhou)
  and customer in (select customer from level where since <= $ago_60d
                   group by customer having argMax(value, since) >= 3)
group by customer

-- name: held
select distinct customer from $event
where name = $order_paid and time > $ago_30d and time <= $now
  and customer in (select customer from vip where begins <= $ago_30d and ends > $now)

-- name: nested
select customer from $event
where time > $ago_90d and time <= $now
  and (name = $order_paid or (name = $app_opened and time > $ago_14d))
  and customer in (select customer from marketing where begins <= $now and ends > $now)
group by customer
having countIf(name = $order_paid) >= 3 and countIf(name = $app_opened) > 0

-- name: anniversary
select number from customer
where birth_month * 100 + birth_day between 630 and 707
  and number in (select customer from marketing where begins <= $now and ends > $now)
