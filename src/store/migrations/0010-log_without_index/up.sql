drop index event_customer_time;

-- What an erase no longer finds tells nothing. The day is kept, in UTC.
update event
set time = time - time % 86400000, arrived = arrived - arrived % 86400000, sent = null,
    properties = '{}'
where state = 1;
