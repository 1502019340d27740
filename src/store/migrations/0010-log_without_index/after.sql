-- Void rows are blank.
select sequence from event where state = 1 and (properties <> '{}' or sent is not null);
