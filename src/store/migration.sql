-- name: create_migration_table
create table if not exists store_migration (
  number bigint not null primary key,
  name text collate "C" not null,
  checksum text not null,
  applied_at bigint not null
);

-- name: migration_table_in_sqlite
select 1 from sqlite_master where type = 'table' and name = 'store_migration';

-- name: migration_table_in_postgresql
select 1 where to_regclass('store_migration') is not null;

-- name: list_applied
select number, name, checksum from store_migration order by number;

-- name: insert_applied
insert into store_migration (number, name, checksum, applied_at) values ($1, $2, $3, $4);
