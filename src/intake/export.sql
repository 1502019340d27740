-- name: persons_after
select distinct person
from customer_person
where person > $1
order by person
limit $2
