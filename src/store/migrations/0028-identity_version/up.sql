create table identity_version (id bigint primary key check (id = 1), version bigint not null);
insert into identity_version (id, version) values (1, 1);
