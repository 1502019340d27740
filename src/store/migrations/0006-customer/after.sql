-- The shipped kinds of identities are there, "customer" with the id that customer keys rely on.
select 1 where (select count(*) from identity_kind) <> 8;
select 1 where (select name from identity_kind where id = 1) <> 'customer';
