-- name: policy
select policy, summary from rfm_policy where id = 1

-- name: set_policy
insert into rfm_policy (id, policy, summary) values (1, $1, '')
on conflict (id) do update set policy = excluded.policy

-- name: keep_summary
insert into rfm_policy (id, policy, summary) values (1, '', $1)
on conflict (id) do update set summary = excluded.summary
