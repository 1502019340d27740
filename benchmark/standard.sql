-- DuckDB and PostgreSQL. $name, $channel_… and $city_… are numbers, $now and $ago_… Unix
-- milliseconds. DuckDB skips by the order of the rows, PostgreSQL by partitions of name and month.

-- name: create_event_duckdb
create table event (
  customer integer, time bigint, name tinyint, channel tinyint, sku smallint, amount integer)

-- name: create_event_postgresql
create unlogged table event (
  time bigint not null, customer integer not null, amount integer not null,
  name smallint not null, channel smallint not null, sku smallint not null
) partition by list (name)

-- name: create_customer
create table customer (number integer, city integer, birth_year integer, birth_month integer,
  birth_day integer)

-- name: create_level
create table level (customer integer, since bigint, value integer)

-- name: create_vip
create table vip (customer integer, begins bigint, ends bigint)

-- name: create_marketing
create table marketing (customer integer, begins bigint, ends bigint)

-- name: q3
select customer from event
where time > $ago_30d and time <= $now and name in ($order_paid, $app_opened)
  and (name = $order_paid or time > $ago_7d)
  and customer in (select customer from vip where begins <= $now and ends > $now)
group by customer
having count(*) filter (where name = $order_paid) >= 2
  and count(*) filter (where name = $app_opened) = 0

-- name: count_in_window
select customer from event
where name = $product_viewed and channel = $channel_app and time > $ago_14d and time <= $now
group by customer having count(*) >= 5

-- name: did_not
select customer from event
where name in ($cart_added, $order_paid) and time > $ago_30d and time <= $now
group by customer having count(*) filter (where name = $order_paid) = 0

-- name: sum_with_filter
select customer from event
where name = $order_paid and amount >= 10000 and channel <> $channel_web
  and time > $ago_90d and time <= $now
group by customer having sum(amount) >= 100000

-- name: average
select customer from event
where name = $order_paid and amount > 0 and time >= $quarter and time <= $now
group by customer having sum(amount) > 20000 * count(*)

-- name: distinct
select customer from event
where name = $product_viewed and time > $ago_30d and time <= $now
group by customer having count(distinct sku) >= 20

-- name: on_days
select customer from event
where name = $checked_in and time > $ago_30d and time <= $now
group by customer having count(distinct (time + 28800000) / 86400000) >= 3

-- name: on_days_duckdb
select customer from event
where name = $checked_in and time > $ago_30d and time <= $now
group by customer having count(distinct (time + 28800000) // 86400000) >= 3

-- name: first
select customer from event
where name = $order_paid and time <= $now
group by customer having min(time) > $ago_30d

-- name: last_with
select customer from (
  select distinct on (customer) customer, channel from event
  where name = $order_paid and time > $ago_90d and time <= $now
  order by customer, time desc) as latest
where channel = $channel_mini

-- name: last_with_duckdb
select customer from event
where name = $order_paid and time > $ago_90d and time <= $now
group by customer having arg_max(channel, time) = $channel_mini

-- Of each view the last opening before it, of each addition the last such view, and so on: later
-- ones leave more room for what follows.
-- name: sequence_within
with opened as (
  select customer, time, name,
    max(case when name = $app_opened then time end) over before as earlier
  from event
  where name in ($app_opened, $product_viewed, $cart_added, $order_paid)
    and time > $ago_30d and time <= $now
  window before as (partition by customer order by time)
), viewed as (
  select customer, time, name,
    max(case when name = $product_viewed and time - earlier <= 600000 then time end)
      over before as earlier
  from opened where name <> $app_opened
  window before as (partition by customer order by time)
), added as (
  select customer, time, name,
    max(case when name = $cart_added and time - earlier <= 600000 then time end)
      over before as earlier
  from viewed where name <> $product_viewed
  window before as (partition by customer order by time)
)
select distinct customer from added where name = $order_paid and time - earlier <= 3600000

-- name: sequence_same
select distinct customer from (
  select customer, name, time,
    max(case when name = $product_viewed then time end)
      over (partition by customer, sku order by time) as viewed
  from event
  where name in ($product_viewed, $cart_added) and sku > 0 and time > $ago_30d and time <= $now
) as pairs
where name = $cart_added and time - viewed <= 3600000

-- name: then_not
select distinct customer from (
  select customer, name, time,
    min(case when name = $order_paid then time end) over (
      partition by customer order by time rows between current row and unbounded following) as paid
  from event
  where name in ($cart_added, $order_paid) and time > $ago_14d and time <= $now
) as steps
where name = $cart_added and time + 86400000 < $now
  and (paid is null or paid > time + 86400000)

-- name: attribute_as_of
select distinct customer from event
where name = $order_paid and time > $ago_90d and time <= $ago_60d
  and customer in (select number from customer where city = $city_hangzhou)
  and customer in (select l.customer from level as l
                   where l.since <= $ago_60d and l.value >= 3 and not exists (
                     select 1 from level as later where later.customer = l.customer
                       and later.since > l.since and later.since <= $ago_60d))

-- name: held
select distinct customer from event
where name = $order_paid and time > $ago_30d and time <= $now
  and customer in (select customer from vip where begins <= $ago_30d and ends > $now)

-- name: nested
select customer from event
where time > $ago_90d and time <= $now and name in ($order_paid, $app_opened)
  and (name = $order_paid or time > $ago_14d)
  and customer in (select customer from marketing where begins <= $now and ends > $now)
group by customer
having count(*) filter (where name = $order_paid) >= 3
  and count(*) filter (where name = $app_opened) > 0

-- name: anniversary
select number from customer
where birth_month * 100 + birth_day between 630 and 707
  and number in (select customer from marketing where begins <= $now and ends > $now)
