-- name: next_number_sqlite
select coalesce(max(number), 0) + 1 from ledger_bundle;

-- name: next_number_postgresql
select nextval('ledger_bundle_number');

-- name: insert_bundle
insert into ledger_bundle (number, id, why, content, state, effective_at, entered_at, held_until,
                           transfers, ended_at, amounts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: end_hold
update ledger_bundle set state = $2, ended_at = $3, amounts = $4 where number = $1 and state = 1;

-- name: insert_posting
insert into ledger_posting (account, sequence, bundle, transfer, posting, lot, amount,
                            effective_at, entered_at, refund_of, refunded_lot)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: change_account
update ledger_account
set posted = posted + $2, held = held + $3, postings = postings + $4,
    seen = case when seen < $5 then $5 else seen end
where id = $1 and postings = $6 and (debt_allowed = 1 or posted + $2 >= held + $3);

-- name: insert_lot
insert into ledger_lot (id, account, expires, parent, remaining, held, free_since, write_offs)
values ($1, $2, $3, $4, 0, 0, 0, 0);

-- name: change_lot
update ledger_lot
set remaining = remaining + $2, held = held + $3,
    free_since = case when free_since < $4 then $4 else free_since end, write_offs = $5
where id = $1 and write_offs <= $5 and held + $3 >= 0 and remaining + $2 >= held + $3;

-- name: insert_reservation
insert into ledger_reservation (bundle, posting, lot, account, amount, until)
values ($1, $2, $3, $4, $5, $6);

-- name: delete_reservation
delete from ledger_reservation where bundle = $1 and posting = $2 and lot = $3;
