--name : person_events select e.epoch, e.transaction_id, e.sequence, e.customer, e.type, e.time,
    e.arrived, e.sent, e.source, e.live, e.batch,
    e.properties from visible_event e where e.customer in(
        select customer from customer_person where person = $1) and
        (e.time < $2 or (e.time = $2 and (e.epoch, e.transaction_id, e.sequence) <
                                             ($3, $4, $5))) order by e.time desc,
    e.epoch desc, e.transaction_id desc,
    e.sequence desc limit $6

    -- name
    : known_since select min(moment)
          from(select created_at as moment from customer_person where person = $1 union all select
                   min(time) as moment from visible_event where customer
                       in(select customer from customer_person where person = $1)) as moments
