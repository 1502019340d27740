-- name: set_scrub_due
insert into store_meta (key, value) values ('scrub.due', $1)
on conflict (key) do update set value = excluded.value

-- name: find_scrub_due
select value from store_meta where key = 'scrub.due'

-- name: clear_scrub_due
delete from store_meta where key = 'scrub.due' and value = $1

-- name: file_bytes
select page_count * page_size from pragma_page_count(), pragma_page_size()
