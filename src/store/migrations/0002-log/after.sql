-- The log is empty.
select sequence from event;
