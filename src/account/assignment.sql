-- name: count_assigned
select count(*) from customer_staff where staff = $1 and ended_at is null;

-- The rows that stand of a person with a member of staff. A cross join for SQLite, which keeps to
-- its order: otherwise it walks all customers of the member for each person.
-- name: standing
select s.customer, s.sequence
from customer_staff s
where s.staff = $1 and s.customer = $2 and s.ended_at is null
union all
select s.customer, s.sequence
from customer_alias a cross join customer_staff s
where a.person = $2 and s.customer = a.customer and s.staff = $1 and s.ended_at is null;

-- name: insert_assignment
insert into customer_staff (customer, staff, sequence, assigned_at, assigned_by)
select $2, $1, coalesce(max(sequence), 0) + 1, $3, $4
from customer_staff where customer = $2 and staff = $1;

-- name: end_assignment
update customer_staff set ended_at = $4, ended_by = $5
where customer = $2 and staff = $1 and sequence = $3;

-- What somebody took: a friendship that stands becomes a row that has ended.
-- name: insert_ended
insert into customer_staff (customer, staff, sequence, assigned_at, assigned_by, ended_at, ended_by)
select $2, $1, coalesce(max(sequence), 0) + 1, $3, $4, $5, $6
from customer_staff where customer = $2 and staff = $1;

-- Whether anybody has decided about the person and the member of staff.
-- name: decided
select 1 from customer_staff where staff = $1 and customer = $2
union all
select 1 from customer_alias a join customer_staff s on s.customer = a.customer and s.staff = $1
where a.person = $2
limit 1;

-- Friendships that stand, of all ids of a person; a cross join as above.
-- name: standing_friendships
select f.customer, f.since
from friendship f where f.staff = $1 and f.customer = $2 and f.ended_at is null
union all
select f.customer, f.since
from customer_alias a cross join friendship f
where a.person = $2 and f.customer = a.customer and f.staff = $1 and f.ended_at is null;

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

-- Until the first decision; what begins behind it counts for nothing.
-- name: friendships_of
select e.staff, e.number, e.name, e.since,
       case when e.decided_at is null or e.ended_at <= e.decided_at then e.ended_at
            else e.decided_at end
from (select m.id as staff, m.number as number, m.name as name, f.since as since,
             f.ended_at as ended_at,
             (select min(d.assigned_at) from customer_staff d
              where d.staff = m.id
                and (d.customer = $1
                     or d.customer in (select customer from customer_alias where person = $1))
             ) as decided_at
      from (select * from friendship where customer = $1
            union all
            select o.* from customer_alias a join friendship o on o.customer = a.customer
            where a.person = $1) f
      join staff m on m.number = f.staff) e
where e.decided_at is null or e.since < e.decided_at
order by case when e.ended_at is null then 0 else 1 end, e.ended_at desc, e.since desc, e.staff
limit $2;

-- By decisions; and by friendships about which nobody has decided.
-- name: customers_of_staff
select coalesce(a.person, s.customer)
from customer_staff s left join customer_alias a on a.customer = s.customer
where s.staff = $1 and s.ended_at is null
union
select coalesce(a.person, f.customer)
from staff m
join friendship f on f.staff = m.number and f.ended_at is null
left join customer_alias a on a.customer = f.customer
where m.id = $1
  and not exists (select 1 from customer_staff d
                  where d.customer = coalesce(a.person, f.customer) and d.staff = m.id)
  and not exists (select 1 from customer_alias o join customer_staff d on d.customer = o.customer
                  where o.person = coalesce(a.person, f.customer) and d.staff = m.id);

-- The same of everybody who works in one of the stores of one of them.
-- name: customers_of_stores
select coalesce(a.person, s.customer)
from (select c.staff from staff_store m join staff_store c on c.store = m.store where m.staff = $1
      union
      select $1) w
join customer_staff s on s.staff = w.staff and s.ended_at is null
left join customer_alias a on a.customer = s.customer
union
select coalesce(a.person, f.customer)
from (select c.staff from staff_store m join staff_store c on c.store = m.store where m.staff = $1
      union
      select $1) w
join staff m on m.id = w.staff
join friendship f on f.staff = m.number and f.ended_at is null
left join customer_alias a on a.customer = f.customer
where not exists (select 1 from customer_staff d
                  where d.customer = coalesce(a.person, f.customer) and d.staff = m.id)
  and not exists (select 1 from customer_alias o join customer_staff d on d.customer = o.customer
                  where o.person = coalesce(a.person, f.customer) and d.staff = m.id);

-- name: words_of_stores
select s.code, s.name from staff_store m join store s on s.id = m.store where m.staff = $1;

-- name: erase_assignments
delete from customer_staff where customer = $1;

-- name: erase_assignments_of_nobody
delete from customer_staff
where not exists (select 1 from customer c where c.id = customer_staff.customer);
