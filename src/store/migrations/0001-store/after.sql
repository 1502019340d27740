-- The table is there and empty.
select key from store_meta;
