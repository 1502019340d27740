create table customer_term (
  term text COLLATE "C" not null,
  customer bigint not null,
  primary key (term, customer)
);
create index customer_term_customer on customer_term (customer);

create table customer_term_pending (
  id bigint primary key not null check (id = 1),
  after_customer bigint not null
);
insert into customer_term_pending (id, after_customer)
select 1, 0 where exists (select 1 from customer);

create index identity_tail on identity (substr(normal, length(normal) - 3)) where kind = 2;
