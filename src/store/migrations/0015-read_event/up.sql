create view read_event as
select epoch, transaction_id, sequence, customer, type, time, arrived, sent, source, live, batch,
       properties,
       case when state = 0
             and (batch is null or batch not in (select id from import_batch where state = 2))
            then 1 when state = 3 then 2 when state = 2 then 3 else 0 end as kind
from event;
