-- name: alias_of
select customer, into_customer, merged_at, source, by_whom from customer_alias where customer = $1;

-- name: insert_alias
insert into customer_alias (customer, into_customer, person, merged_at, source, by_whom, batch)
values ($1, $2, $2, $3, $4, $5, $6);

-- name: move_person
update customer_alias set person = $2 where person = $1;

-- name: delete_alias
delete from customer_alias where customer = $1;

-- name: set_person
update customer_alias set person = $2 where customer = $1;

-- name: aliases_of
select customer, into_customer, merged_at, source, by_whom
from customer_alias where person = $1 order by merged_at, customer;

-- name: count_merged
select count(*) from customer_alias where person = $1;

-- name: twice_of_a_kind
select k.name
from (select * from identity where customer = $1
      union all
      select o.* from customer_alias a join identity o on o.customer = a.customer
      where a.person = $1) i
join identity_kind k on k.id = i.kind
where k.one_per_person = 1
intersect
select k.name
from (select * from identity where customer = $2
      union all
      select o.* from customer_alias a join identity o on o.customer = a.customer
      where a.person = $2) i
join identity_kind k on k.id = i.kind
where k.one_per_person = 1
order by 1;

-- name: insert_review
insert into merge_review (id, survivor, gone, thing, name, listed_at, merged, batch)
select coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7 from merge_review;

-- Of two that are not merged only while they are two persons.
-- name: open_reviews
select r.id,
       case when r.merged = 1 then r.survivor else coalesce(a.person, r.survivor) end,
       case when r.merged = 1 then r.gone else coalesce(b.person, r.gone) end,
       r.thing, r.name, r.listed_at, r.merged, r.batch
from merge_review r
left join customer_alias a on a.customer = r.survivor
left join customer_alias b on b.customer = r.gone
where r.closed_at is null and r.id > $1
  and (r.merged = 1 or coalesce(a.person, r.survivor) <> coalesce(b.person, r.gone))
  and $3 in (0, coalesce(a.person, r.survivor), coalesce(b.person, r.gone))
order by r.id
limit $2;

-- Who they were told to be one with may have gone into somebody else since.
-- name: decided_reviews
select r.id, coalesce(a.person, r.survivor), r.gone, r.thing, r.name, r.listed_at, r.merged,
       r.batch, r.closed_at, r.closed_by, coalesce(r.decision, 'merge'), coalesce(b.person, r.gone)
from merge_review r
left join customer_alias a on a.customer = r.survivor
left join customer_alias b on b.customer = r.gone
where r.closed_at < $1 or (r.closed_at = $1 and r.id < $2)
order by r.closed_at desc, r.id desc
limit $3;

-- name: open_reviews_of
select r.id, r.survivor, r.gone, r.thing, r.name, r.listed_at, r.merged, r.batch
from merge_review r
where r.closed_at is null and r.gone = $1 and r.merged = 1
order by r.id
limit $2;

-- name: open_review
select r.id, r.survivor, r.gone, r.thing, r.name, r.listed_at, r.merged, r.batch
from merge_review r
where r.closed_at is null and r.id = $1;

-- name: close_review
update merge_review set closed_at = $2, closed_by = $3, decision = $4
where id = $1 and closed_at is null;

-- name: delete_reviews
delete from merge_review where gone = $1 and merged = 1 and closed_at is null;

-- Whom people have been told apart from, in whatever order the two were listed.
-- name: listed_beside
select gone, id from merge_review where survivor = $1 and merged = 0
union
select survivor, id from merge_review where gone = $1 and merged = 0
order by 2;
