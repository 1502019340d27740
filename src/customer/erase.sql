-- name: subjects_of
select k.name, i.account, i.normal
from identity i join identity_kind k on k.id = i.kind
where i.customer = $1
order by i.kind, i.account, i.normal;

-- name: identity_values
select value from identity where customer = $1;

-- name: all_subjects
select i.customer, i.arrived_at, k.name, i.account, i.normal
from identity i join identity_kind k on k.id = i.kind;

-- name: all_customers
select id, arrived_at from customer;

-- name: erase_identities
delete from identity where customer = $1;

-- name: erase_attributes
delete from attribute_value where customer = $1;

-- name: erase_terms
delete from customer_term where customer = $1;

-- name: erase_tags
delete from customer_tag where customer = $1;

-- name: erase_lists
delete from customer_list where customer = $1;

-- name: erase_consents
delete from consent where customer = $1;

-- name: erase_test_account
delete from test_account where customer = $1;

-- name: erase_aliases
delete from customer_alias where customer = $1;

-- name: erase_reviews
delete from merge_review where survivor = $1 or gone = $1;

-- name: erase_customer
delete from customer where id = $1;

-- name: erased_key
select hash_key from erased_key where id = 1;

-- name: insert_erased_key
insert into erased_key (id, hash_key) values (1, $1) on conflict (id) do nothing;

-- name: remember_erased
insert into erased_hash (hash, erased_at) values ($1, $2)
on conflict (hash) do update set erased_at = excluded.erased_at
where erased_hash.erased_at < excluded.erased_at;

-- name: erased_at
select erased_at from erased_hash where hash = $1;
