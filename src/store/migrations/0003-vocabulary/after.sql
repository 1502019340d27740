-- Every property belongs to a type, and its value type is one of the eight.
select event_property.id from event_property
left join event_type on event_type.id = event_property.type
where event_type.id is null
   or event_property.value_type not in
      ('int', 'decimal', 'money', 'text', 'bool', 'time', 'date', 'text_list');
