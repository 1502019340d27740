create table placeholder_0037 (id bigint primary key not null);
