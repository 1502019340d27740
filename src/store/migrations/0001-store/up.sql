create table store_meta (
  key text collate "C" not null primary key,
  value text not null
);
