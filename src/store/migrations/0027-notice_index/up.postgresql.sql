create index event_notice on event (epoch, transaction_id, sequence) where state = 3;
