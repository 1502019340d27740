create index event_notice on event (state) where state = 3;
