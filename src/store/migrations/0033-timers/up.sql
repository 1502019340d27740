-- kind: who does it; key: which one of its own. tries: how often it failed alone; problem: why,
-- once it is set aside (then it is not due any more).
create table timer (
  kind text COLLATE "C" not null,
  key bigint not null,
  due bigint not null,
  tries bigint not null,
  problem text not null,
  primary key (kind, key)
);
create index timer_due on timer (due, kind, key) where problem = '';
create index timer_problem on timer (kind, key) where problem <> '';
