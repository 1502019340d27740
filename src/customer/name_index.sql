-- name: texts_of_customer
select a.name, v.value
from attribute_value v join attribute a on a.id = v.attribute
where v.customer = $1 and v.value is not null and a.type = 'text';

-- name: drop_terms
delete from customer_term where customer = $1;

-- name: add_terms_sqlite
insert into customer_term (term, customer) select value, $1 from json_each($2);

-- name: add_terms_postgresql
insert into customer_term (term, customer)
select given.term, $1::bigint from unnest($2::text[]) as given (term);

-- name: add_term
insert into customer_term (term, customer) values ($1, $2);

-- name: add_term_lists_postgresql
insert into customer_term (term, customer)
select given.term, given.customer
from unnest($1::text[], $2::bigint[]) as given (term, customer);

-- name: customers_by_term
select t.term, coalesce(a.person, t.customer), c.created_at
from customer_term t
left join customer_alias a on a.customer = t.customer
join customer c on c.id = coalesce(a.person, t.customer)
where t.term >= $1 and t.term < $2
order by t.term, t.customer
limit $3;

-- name: pending_terms
select after_customer from customer_term_pending where id = 1;

-- name: advance_pending_terms
update customer_term_pending set after_customer = $2 where id = 1 and after_customer = $1;

-- name: end_pending_terms
delete from customer_term_pending where id = 1 and after_customer = $1;

-- name: persons_behind
select c.id, coalesce(a.person, c.id)
from customer c left join customer_alias a on a.customer = c.id
where c.id > $1
order by c.id
limit $2;

-- name: terms_of
select term from customer_term where customer = $1;

-- name: terms_of_nobody
select distinct t.customer
from customer_term t left join customer c on c.id = t.customer
where c.id is null
order by 1
limit $1;
