-- shipped: it came with the product. place: in the order in which models are shown.
create table lifecycle_model (
  id bigint primary key not null,
  key text COLLATE "C" not null,
  label_zh text not null,
  label_en text not null,
  description_zh text not null,
  description_en text not null,
  shipped bigint not null check (shipped in (0, 1)),
  active bigint not null check (active in (0, 1)),
  place bigint not null,
  version bigint not null check (version >= 1),
  created_at bigint not null,
  changed_at bigint not null,
  changed_by text not null,
  deleted_at bigint
);
create unique index lifecycle_model_key on lifecycle_model (key) where deleted_at is null;

-- place: from 1, in the order in which they are asked. `rule_text` is the rule as it was written,
-- `tree` its JSON tree with ids. A stage keeps its id as long as its key stays.
create table lifecycle_stage (
  id bigint primary key not null,
  model bigint not null,
  place bigint not null,
  key text COLLATE "C" not null,
  label_zh text not null,
  label_en text not null,
  description_zh text not null,
  description_en text not null,
  rule_text text not null,
  tree text not null
);
create unique index lifecycle_stage_place on lifecycle_stage (model, place);

-- content: the whole model as JSON.
create table lifecycle_version (
  model bigint not null,
  version bigint not null,
  content text not null,
  at bigint not null,
  by_whom text not null,
  primary key (model, version)
);

-- The rule of `stage` names `used`: an audience, a model or a stage.
create table lifecycle_use (
  stage bigint not null,
  used bigint not null,
  primary key (stage, used)
);
create index lifecycle_use_used on lifecycle_use (used);

create table lifecycle_shipped (
  key text COLLATE "C" primary key not null,
  at bigint not null
);
