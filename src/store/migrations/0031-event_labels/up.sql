alter table event_type add column label_zh text not null default '';
alter table event_type add column label_en text not null default '';
