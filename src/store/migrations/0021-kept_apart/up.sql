alter table merge_review add column merged bigint not null default 1;
alter table merge_review add column decision text;
alter table merge_review add column batch bigint;
create index merge_review_survivor on merge_review (survivor);
create index merge_review_batch on merge_review (batch);
