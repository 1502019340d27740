-- name: standing
select posted, held, seen from ledger_account where id = $1;

-- name: held_ended
select cast(coalesce(sum(amount), 0) as bigint) from ledger_reservation
where account = $1 and until <= $2;

-- What is in lots that have ended by the first moment, without what holds keep that end after the
-- second.
-- name: lots_ended
select cast(coalesce(sum(l.remaining - coalesce((
         select sum(r.amount) from ledger_reservation r
         where r.account = l.account and r.lot = l.id and r.until > $3), 0)), 0) as bigint)
from ledger_lot l
where l.account = $1 and l.remaining > 0 and l.expires <= $2;

-- Without all that was ever in lots that have ended by then: what was taken out of them at their
-- end is a posting of theirs too, so that it is all the same whether that has been written down.
-- name: posted_by
select cast(coalesce(sum(p.amount), 0) as bigint)
from ledger_posting p left join ledger_lot l on l.id = p.lot
where p.account = $1 and p.effective_at <= $2 and p.entered_at <= $3
  and (l.id is null or l.expires > $2);

-- name: posted_after
select cast(coalesce(sum(amount), 0) as bigint) from ledger_posting
where account = $1 and sequence >= $2;

-- name: statement_rows
select p.account, p.sequence, p.bundle, p.transfer, p.posting, coalesce(p.lot, 0), p.amount,
       p.effective_at, p.entered_at, coalesce(p.refund_of, ''), coalesce(p.refunded_lot, 0),
       b.id, b.why
from ledger_posting p join ledger_bundle b on b.number = p.bundle
where p.account = $1 and p.sequence < $2
order by p.sequence desc
limit $3;

-- name: lots_left
select id, expires, free_since, remaining, held, write_offs, coalesce(parent, 0)
from ledger_lot where account = $1 and remaining > 0
order by expires, id
limit $2;

-- name: bundle_with
select number, id, why, state, effective_at, entered_at, held_until, ended_at, transfers,
       cast(coalesce((select sum(r.amount) from ledger_reservation r where r.bundle = number), 0)
            as bigint)
from ledger_bundle where id = $1;

-- name: rows_of_bundle
select account, sequence, bundle, transfer, posting, coalesce(lot, 0), amount,
       effective_at, entered_at, coalesce(refund_of, ''), coalesce(refunded_lot, 0)
from ledger_posting where bundle = $1
order by posting, sequence;

-- name: bundles_of_cause
select number, id, why, state, effective_at, entered_at, held_until, ended_at, transfers,
       cast(coalesce((select sum(r.amount) from ledger_reservation r where r.bundle = number), 0)
            as bigint)
from ledger_bundle where why = $1 and number < $2
order by number desc
limit $3;
