-- name: aliases_by_batch
select customer from customer_alias
where batch = $1 and (customer = $2 or into_customer = $2)
order by customer;

-- name: attributes_by_batch
select attribute from attribute_value where customer = $1 and batch = $2;

-- name: tags_by_batch
select tag from customer_tag where customer = $1 and batch = $2;

-- name: lists_by_batch
select list from customer_list where customer = $1 and batch = $2;

-- name: consents_by_batch
select consent_key from consent where customer = $1 and batch = $2;

-- name: drop_attributes_by_batch
delete from attribute_value where customer = $1 and batch = $2;

-- name: drop_tags_by_batch
delete from customer_tag where customer = $1 and batch = $2;

-- name: drop_lists_by_batch
delete from customer_list where customer = $1 and batch = $2;

-- name: drop_consents_by_batch
delete from consent where customer = $1 and batch = $2;

-- name: drop_identities_by_batch
delete from identity where customer = $1 and batch = $2;

-- name: drop_identities_of
delete from identity where customer = $1;

-- name: batch_of_customer
select customer.batch, coalesce(import_batch.state, 0)
from customer left join import_batch on import_batch.id = customer.batch
where customer.id = $1;

-- What an import wrote that is taken back already holds nobody.

-- name: is_held
select 1 from customer_alias where customer = $1 or into_customer = $1
union all
select 1 from identity where customer = $1
  and (batch is null
       or (batch <> $2 and batch not in (select id from import_batch where state = 3)))
limit 1;

-- name: drop_test_account
delete from test_account where customer = $1;

-- name: drop_customer
delete from customer where id = $1;

-- name: drop_open_reviews
delete from merge_review where batch = $1 and closed_at is null;

-- name: drop_reviews_of
delete from merge_review where survivor = $1 or gone = $1;
