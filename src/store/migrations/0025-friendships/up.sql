-- What events say of friendships (added 1: friend_added, 0: friend_removed), customers as written;
-- and, made from it, since when and until when. `staff`: the number of a member of staff, whether
-- or not there is one.
create table friend_fact (
  epoch bigint not null,
  transaction_id bigint not null,
  sequence bigint not null,
  customer bigint not null,
  staff text COLLATE "C" not null,
  time bigint not null,
  added bigint not null,
  batch bigint,
  primary key (epoch, transaction_id, sequence)
);
create index friend_fact_pair on friend_fact (customer, staff);
create index friend_fact_batch on friend_fact (batch) where batch is not null;

create table friendship (
  customer bigint not null,
  staff text COLLATE "C" not null,
  since bigint not null,
  ended_at bigint,
  primary key (customer, staff, since)
);
create unique index friendship_now on friendship (staff, customer) where ended_at is null;
