alter table attribute add column label_zh text not null default '';
alter table attribute add column label_en text not null default '';
alter table attribute add column personal bigint not null default 0;
alter table event_property add column label_zh text not null default '';
alter table event_property add column label_en text not null default '';
alter table event_property add column personal bigint not null default 0;
