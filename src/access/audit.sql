-- name: insert_entry
insert into audit (id, at, actor_kind, actor_id, actor_name, from_address, noun, verb, subject,
                   customer, before_json, after_json)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: erase_customer
update audit
set before_json = case when before_json is null then null else '"erased"' end,
    after_json = case when after_json is null then null else '"erased"' end
where customer = $1

-- name: is_recorded
select 1 from audit
where noun = $1 and subject = $2 and verb = $3 and actor_kind = $4 and actor_id = $5
limit 1

-- name: select_page
select id, at, actor_kind, actor_id, actor_name, from_address, noun, verb, subject, customer,
       before_json, after_json
from audit
where (cast($1 as text) is null or noun = $1)
  and (cast($2 as text) is null or subject = $2)
  and (cast($3 as text) is null or actor_kind = $3)
  and (cast($4 as bigint) is null or actor_id = $4)
  and (cast($5 as bigint) is null or customer = $5)
  and (cast($6 as bigint) is null or at >= $6)
  and (cast($7 as bigint) is null or at < $7)
  and (cast($8 as text) is null or id < $8)
  and (cast($9 as text) is null or verb = $9)
order by id desc
limit $10
