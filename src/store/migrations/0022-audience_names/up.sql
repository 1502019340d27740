alter table audience_version add column name text not null default '';
update audience_version set name =
  (select audience.name from audience where audience.id = audience_version.audience);
