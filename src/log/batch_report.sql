-- name: keep_report
insert into batch_report (batch, kept_at, names, report) values ($1, $2, $3, $4)
on conflict (batch) do update
set kept_at = excluded.kept_at, names = excluded.names, report = excluded.report

-- name: drop_old_reports
delete from batch_report
where batch not in (select batch from batch_report order by kept_at desc, batch desc limit $1)

-- name: report_of
select names, report, kept_at from batch_report where batch = $1

-- name: report_names
select batch, names from batch_report where names <> '[]'

-- name: forget_report_names
update batch_report set names = '[]' where batch = $1
