-- name: count_assigned
select count(*) from customer_staff where staff = $1 and ended_at is null;

-- The rows that stand of a person with a member of staff.
-- name: standing
select s.customer, s.sequence
from customer_staff s
where s.staff = $1 and s.customer = $2 and s.ended_at is null
union all
select s.customer, s.sequence
from customer_alias a join customer_staff s on s.customer = a.customer and s.staff = $1
where a.person = $2 and s.ended_at is null;

-- name: insert_assignment
insert into customer_staff (customer, staff, sequence, assigned_at, assigned_by)
select $2, $1, coalesce(max(sequence), 0) + 1, $3, $4
from customer_staff where customer = $2 and staff = $1;

-- name: end_assignment
update customer_staff set ended_at = $4, ended_by = $5
where customer = $2 and staff = $1 and sequence = $3;

-- name: assignments_of
select s.staff, f.number, f.name, s.assigned_at, s.assigned_by, s.ended_at
from (select * from customer_staff where customer = $1
      union all
      select o.* from customer_alias a join customer_staff o on o.customer = a.customer
      where a.person = $1) s
join staff f on f.id = s.staff
order by case when s.ended_at is null then 0 else 1 end, s.ended_at desc, s.assigned_at desc,
         s.staff, s.customer, s.sequence
limit $2;

-- name: customers_of_staff
select distinct coalesce(a.person, s.customer)
from customer_staff s left join customer_alias a on a.customer = s.customer
where s.staff = $1 and s.ended_at is null;

-- name: customers_of_stores
select distinct coalesce(a.person, s.customer)
from (select distinct c.staff from staff_store m join staff_store c on c.store = m.store
      where m.staff = $1
      union
      select $1) f
join customer_staff s on s.staff = f.staff and s.ended_at is null
left join customer_alias a on a.customer = s.customer;

-- name: words_of_stores
select s.code, s.name from staff_store m join store s on s.id = m.store where m.staff = $1;

-- name: erase_assignments
delete from customer_staff where customer = $1;
