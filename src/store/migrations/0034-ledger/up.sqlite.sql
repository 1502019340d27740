-- What is counted. scale: how many digits of an amount stand behind the point. grace: for how many
-- ms what comes back after its end may be spent. expired, adjusted: the accounts that take what
-- ended, and that stand against edits.
create table asset (
  id bigint primary key not null,
  code text COLLATE "C" not null unique,
  kind text COLLATE "C" not null,
  scale bigint not null check (scale between 0 and 6),
  grace bigint not null check (grace >= 0),
  expired bigint not null,
  adjusted bigint not null,
  created_at bigint not null
);

-- posted: the sum of its postings; held: of it, what reservations keep; postings: how many there
-- are; seen: the latest moment at which it was changed. Changed by difference only.
create table ledger_account (
  id bigint primary key not null,
  asset bigint not null,
  owner_kind text COLLATE "C" not null,
  owner text COLLATE "C" not null,
  book text COLLATE "C" not null,
  debt_allowed bigint not null check (debt_allowed in (0, 1)),
  has_lots bigint not null check (has_lots in (0, 1)),
  opened_at bigint not null,
  posted bigint not null,
  held bigint not null,
  postings bigint not null,
  seen bigint not null,
  unique (asset, owner_kind, owner, book),
  check (held >= 0),
  check (debt_allowed = 1 or posted >= held)
);
create index ledger_account_owner on ledger_account (owner_kind, owner, id);

-- state 0 posted, 1 held, 2 committed, 3 released, 4 expired. content: a digest of what was asked,
-- '' for the ledger's own. held_until, transfers (JSON): of holds. amounts: of a commit in parts.
create table ledger_bundle (
  number bigint primary key not null,
  id text COLLATE "C" not null unique,
  why text COLLATE "C" not null,
  content text COLLATE "C" not null,
  state bigint not null check (state between 0 and 4),
  effective_at bigint not null,
  entered_at bigint not null,
  held_until bigint,
  transfers text not null,
  ended_at bigint,
  amounts text not null,
  check ((state = 0) = (held_until is null)),
  check ((state in (0, 1)) = (ended_at is null))
);
create index ledger_bundle_why on ledger_bundle (why, number);

-- sequence: of the account, without gaps. transfer, posting: in the bundle, from 1; one posting has
-- several rows where it touches several lots. Never changed.
create table ledger_posting (
  account bigint not null,
  sequence bigint not null check (sequence > 0),
  bundle bigint not null,
  transfer bigint not null,
  posting bigint not null,
  lot bigint,
  amount bigint not null check (amount <> 0),
  effective_at bigint not null,
  entered_at bigint not null,
  refund_of text COLLATE "C",
  refunded_lot bigint,
  primary key (account, sequence)
) without rowid;
create index ledger_posting_bundle on ledger_posting (bundle, posting);
create index ledger_posting_refund on ledger_posting (refund_of, account)
  where refund_of is not null;

-- remaining: what is in it; held: of that, what reservations keep; write_offs: how often what was
-- left after its end was taken out; parent: the lot of which it came back after its end.
create table ledger_lot (
  id bigint primary key not null,
  account bigint not null,
  expires bigint not null,
  parent bigint,
  remaining bigint not null,
  held bigint not null,
  free_since bigint not null,
  write_offs bigint not null,
  check (held >= 0),
  check (remaining >= held)
);
create index ledger_lot_account on ledger_lot (account, expires) where remaining > 0;

-- What one posting of a hold keeps of an account (lot 0) or of one of its lots. Goes when it ends.
create table ledger_reservation (
  bundle bigint not null,
  posting bigint not null,
  lot bigint not null,
  account bigint not null,
  amount bigint not null check (amount > 0),
  until bigint not null,
  primary key (bundle, posting, lot)
) without rowid;
create index ledger_reservation_account on ledger_reservation (account, until);
