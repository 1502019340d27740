-- name: whole_runs
select id, family, moment, customers, form from fitted_run where state = 'whole'
order by family, moment, id

-- name: insert_run
insert into fitted_run (id, family, moment, customers, form, state)
values ($1, $2, $3, $4, $5, 'writing')

-- name: finish_run
update fitted_run set state = 'whole' where id = $1

-- name: runs_unlike
select id from fitted_run
where family = $1 and id <> $2 and (moment = $3 or state = 'writing')

-- name: delete_run
delete from fitted_run where id = $1

-- name: delete_chunks
delete from fitted_chunk where run = $1

-- name: insert_chunk
insert into fitted_chunk (run, last_customer, first_customer, bytes) values ($1, $2, $3, $4)

-- name: delete_chunk
delete from fitted_chunk where run = $1 and last_customer = $2

-- name: chunk_with
select first_customer, last_customer, bytes from fitted_chunk
where run = $1 and last_customer >= $2 order by last_customer limit 1

-- name: chunks_of
select first_customer, last_customer, bytes from fitted_chunk
where run = $1 and last_customer > $2 order by last_customer limit $3

-- name: all_runs
select id from fitted_run

-- name: customers_between
select id from customer where id >= $1 and id <= $2 order by id
