-- name: friend_facts_between
select epoch, transaction_id, sequence, customer, staff, time, added
from friend_fact
where (epoch, transaction_id, sequence) > ($1, $2, $3)
  and (epoch, transaction_id, sequence) <= ($4, $5, $6)
order by epoch, transaction_id, sequence;

-- name: next_friends
select customer from (select distinct customer from friend_fact where customer > $1
                      order by customer limit $2) as facts
union
select customer from (select distinct customer from friendship where customer > $1
                      order by customer limit $2) as spans
order by customer
limit $2;

-- name: friend_facts_of_between
select epoch, transaction_id, sequence, customer, staff, time, added
from friend_fact
where customer > $1 and customer <= $2
order by customer, staff, time, epoch, transaction_id, sequence;

-- name: friendships_between
select customer, staff, since, ended_at
from friendship
where customer > $1 and customer <= $2
order by customer, staff, since;
