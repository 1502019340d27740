-- name: proof_accounts
select id, debt_allowed, has_lots, posted, held, postings, seen
from ledger_account where id > $1
order by id
limit $2;

-- name: proof_postings
select account, sequence, coalesce(lot, 0), amount
from ledger_posting where account >= $1 and account <= $2
order by account, sequence;

-- name: proof_lots
select account, id, remaining, held from ledger_lot
where account in (select id from ledger_account where id >= $1 and id <= $2);

-- name: proof_reservations
select account, lot, amount from ledger_reservation where account >= $1 and account <= $2;

-- name: proof_bundles
select number, state, held_until, transfers from ledger_bundle where number > $1
order by number
limit $2;

-- name: proof_transfers
select p.bundle, p.transfer, cast(sum(p.amount) as bigint), min(a.asset), max(a.asset), count(a.id),
       count(*)
from ledger_posting p left join ledger_account a on a.id = p.account
where p.bundle >= $1 and p.bundle <= $2
group by p.bundle, p.transfer;

-- name: proof_kept
select r.bundle, r.posting, cast(sum(r.amount) as bigint)
from ledger_reservation r
where r.bundle >= $1 and r.bundle <= $2
group by r.bundle, r.posting;

-- name: proof_seen
select a.seen from ledger_account a where a.id = $1;

-- Rows of accounts or bundles that do not exist.
-- name: proof_lost
select count(*) from ledger_posting p
where not exists (select 1 from ledger_account a where a.id = p.account)
   or not exists (select 1 from ledger_bundle b where b.number = p.bundle);
