-- name: newest_runs
select id, started_at, ended_at, asked, state, path, bytes, events, problem
from backup_run order by started_at desc, id desc limit $1

-- name: runs_in_state
select id, started_at, ended_at, asked, state, path, bytes, events, problem
from backup_run where state = $1 order by started_at desc, id desc

-- name: run_of_id
select id, started_at, ended_at, asked, state, path, bytes, events, problem
from backup_run where id = $1

-- name: add_run
insert into backup_run (id, started_at, ended_at, asked, state, path, bytes, events, problem)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: change_run
update backup_run set ended_at = $2, state = $3, bytes = $4, events = $5, problem = $6
where id = $1

-- name: end_running
update backup_run set ended_at = $1, state = $2, problem = $3 where state = $4

-- name: forget_old_runs
delete from backup_run
where state <> $1
  and id not in (select id from backup_run order by started_at desc, id desc limit $2)
