update event_source set name = 'csv file ' || id where name like 'csv %';
update customer set source = 'csv ' || batch where batch is not null and source like 'csv %';
update customer_alias set source = 'csv ' || batch where batch is not null and source like 'csv %';
update identity set source = 'csv ' || batch where batch is not null and source like 'csv %';
update attribute_value set source = 'csv ' || batch where batch is not null and source like 'csv %';
update customer_tag set source = 'csv ' || batch where batch is not null and source like 'csv %';
update customer_list set source = 'csv ' || batch where batch is not null and source like 'csv %';
update consent set source = 'csv ' || batch where batch is not null and source like 'csv %';
update audit set after_json = json_remove(after_json, '$.file')
where noun = 'import' and verb = 'started' and after_json is not null;
