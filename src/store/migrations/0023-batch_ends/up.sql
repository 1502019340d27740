alter table import_batch add column alive bigint not null default 0;
