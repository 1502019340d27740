create table test_account (
  customer bigint primary key not null,
  since bigint not null,
  by_whom text not null
);

-- Who they are today; a person may be here more than once.
create view test_person as
select coalesce(a.person, t.customer) as person
from test_account t left join customer_alias a on a.customer = t.customer;
