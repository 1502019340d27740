-- name: add_friend_fact
insert into friend_fact (epoch, transaction_id, sequence, customer, staff, time, added, batch)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (epoch, transaction_id, sequence) do nothing;

-- name: remove_friend_fact
delete from friend_fact where epoch = $1 and transaction_id = $2 and sequence = $3;

-- name: friend_facts_of_pair
select epoch, transaction_id, sequence, customer, staff, time, added
from friend_fact where customer = $1 and staff = $2
order by time, epoch, transaction_id, sequence;

-- name: friend_facts_of_customer
select epoch, transaction_id, sequence, customer, staff, time, added
from friend_fact where customer = $1;

-- name: friend_facts_of_batch
select epoch, transaction_id, sequence, customer, staff, time, added
from friend_fact where batch = $1
limit $2;

-- name: clear_friendship
delete from friendship where customer = $1 and staff = $2;

-- name: insert_friendship
insert into friendship (customer, staff, since, ended_at) values ($1, $2, $3, $4);

-- name: clear_friend_facts
delete from friend_fact;

-- name: clear_friendships
delete from friendship;

-- name: erase_friend_facts
delete from friend_fact where customer = $1;

-- name: erase_friendships
delete from friendship where customer = $1;
