-- name: insert_run
insert into value_run (id, moment, started_at, ended_at, state, event, amount, customers, result)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: newest_run
select id, moment, started_at, ended_at, state, event, amount, customers, result
from value_run order by started_at desc, id desc limit 1

-- name: newest_ready_run
select id, moment, started_at, ended_at, state, event, amount, customers, result
from value_run where state = 'ready' order by started_at desc, id desc limit 1

-- name: delete_runs_before
delete from value_run where started_at < $1
