-- name: insert_mark
insert into test_account (customer, since, by_whom) values ($1, $2, $3);

-- name: delete_mark
delete from test_account where customer = $1;

-- name: marks_of
select customer, since, by_whom from test_account where customer = $1
union all
select a.person, t.since, t.by_whom
from customer_alias a join test_account t on t.customer = a.customer
where a.person = $1
order by 2;

-- name: all_marks
select coalesce(a.person, t.customer), t.since, t.by_whom
from test_account t left join customer_alias a on a.customer = t.customer
order by 1, 2;

-- name: count_marks
select count(*) from test_account;

-- name: marked_customers
select customer from test_account order by customer;

-- name: customers_of_test_accounts
select person from test_person
union
select a.customer from test_person t join customer_alias a on a.person = t.person
order by 1;
