-- Until a table has been analyzed (a minute or so) PostgreSQL thinks little of it and reads it
-- whole: for the rest of a transaction it goes by the indexes.
-- name: keep_to_indexes_postgresql
select set_config('enable_seqscan', 'off', true);

-- name: bundles_named_sqlite
select id, number, content, state, entered_at, held_until, transfers, amounts
from ledger_bundle where id in (select value from json_each($1));

-- name: bundles_named_postgresql
select id, number, content, state, entered_at, held_until, transfers, amounts
from ledger_bundle where id in (select unnest($1::text[]));

-- name: ids_numbered_sqlite
select id, number from ledger_bundle
where number in (select value from json_each($1));

-- name: ids_numbered_postgresql
select id, number from ledger_bundle
where number in (select unnest($1::bigint[]));

-- name: accounts_numbered_sqlite
select a.id, a.asset, a.debt_allowed, a.has_lots, a.posted, a.held, a.postings, a.seen, s.grace,
       coalesce(p.entered_at, 0)
from ledger_account a join asset s on s.id = a.asset
  left join ledger_posting p on p.account = a.id and p.sequence = a.postings
where a.id in (select value from json_each($1));

-- name: accounts_numbered_postgresql
select a.id, a.asset, a.debt_allowed, a.has_lots, a.posted, a.held, a.postings, a.seen, s.grace,
       coalesce(p.entered_at, 0)
from ledger_account a join asset s on s.id = a.asset
  left join ledger_posting p on p.account = a.id and p.sequence = a.postings
where a.id in (select unnest($1::bigint[]));

-- name: full_lots_sqlite
select id, account, expires, free_since, remaining, held, write_offs
from ledger_lot where account in (select value from json_each($1)) and remaining > 0;

-- name: full_lots_postgresql
select id, account, expires, free_since, remaining, held, write_offs
from ledger_lot where account in (select unnest($1::bigint[])) and remaining > 0;

-- name: empty_lots_sqlite
select id, account, expires, free_since, remaining, held, write_offs
from ledger_lot where id in (select value from json_each($1)) and remaining = 0;

-- name: empty_lots_postgresql
select id, account, expires, free_since, remaining, held, write_offs
from ledger_lot where id in (select unnest($1::bigint[])) and remaining = 0;

-- name: ended_reservations_sqlite
select bundle, posting, account, lot, amount, until
from ledger_reservation where account in (select value from json_each($1)) and until <= $2;

-- name: ended_reservations_postgresql
select bundle, posting, account, lot, amount, until
from ledger_reservation where account in (select unnest($1::bigint[])) and until <= $2;

-- name: reservations_of_bundles_sqlite
select bundle, posting, account, lot, amount, until
from ledger_reservation where bundle in (select value from json_each($1)) and until > $2;

-- name: reservations_of_bundles_postgresql
select bundle, posting, account, lot, amount, until
from ledger_reservation where bundle in (select unnest($1::bigint[])) and until > $2;

-- name: spent_in_sqlite
select b.id, p.account, coalesce(p.lot, 0), cast(-sum(p.amount) as bigint)
from ledger_bundle b join ledger_posting p on p.bundle = b.number
where b.id in (select value from json_each($1)) and p.amount < 0
group by b.id, p.account, p.lot
order by b.id, p.account, p.lot;

-- name: spent_in_postgresql
select b.id, p.account, coalesce(p.lot, 0), cast(-sum(p.amount) as bigint)
from ledger_bundle b join ledger_posting p on p.bundle = b.number
where b.id in (select unnest($1::text[])) and p.amount < 0
group by b.id, p.account, p.lot
order by b.id, p.account, p.lot;

-- name: given_back_sqlite
select refund_of, account, coalesce(refunded_lot, 0), cast(sum(amount) as bigint)
from ledger_posting where refund_of in (select value from json_each($1))
group by refund_of, account, refunded_lot;

-- name: given_back_postgresql
select refund_of, account, coalesce(refunded_lot, 0), cast(sum(amount) as bigint)
from ledger_posting where refund_of in (select unnest($1::text[]))
group by refund_of, account, refunded_lot;

-- name: accounts_of_lots_sqlite
select l.id, l.account, s.expired, l.expires
from ledger_lot l join ledger_account a on a.id = l.account join asset s on s.id = a.asset
where l.id in (select value from json_each($1));

-- name: accounts_of_lots_postgresql
select l.id, l.account, s.expired, l.expires
from ledger_lot l join ledger_account a on a.id = l.account join asset s on s.id = a.asset
where l.id in (select unnest($1::bigint[]));
