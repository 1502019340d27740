create table placeholder_0038 (id bigint primary key not null);
