-- name: purposes
select id, name from consent_purpose order by name;

-- name: purpose_named
select id, name from consent_purpose where name = $1;

-- name: insert_purpose
insert into consent_purpose (id, name) select coalesce(max(id), 0) + 1, $1 from consent_purpose;

-- name: channels
select id, name from consent_channel order by name;

-- name: channel_named
select id, name from consent_channel where name = $1;

-- name: insert_channel
insert into consent_channel (id, name) select coalesce(max(id), 0) + 1, $1 from consent_channel;

-- name: consent_standing
select customer, given, how, wording, proof, since, at_epoch, at_unit, at_sequence
from consent where customer = $1 and consent_key = $2
union all
select c.customer, c.given, c.how, c.wording, c.proof, c.since, c.at_epoch, c.at_unit, c.at_sequence
from customer_alias a join consent c on c.customer = a.customer and c.consent_key = $2
where a.person = $1;

-- name: given_keys
select consent_key from consent
where customer = $1 and consent_key between $2 and $3 and given = 1
union
select c.consent_key
from customer_alias a
join consent c on c.customer = a.customer and c.consent_key between $2 and $3 and c.given = 1
where a.person = $1
order by 1;

-- name: set_consent
insert into consent (customer, consent_key, given, how, wording, proof, since, at_epoch, at_unit,
                     at_sequence, source, by_whom, batch)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (customer, consent_key) do update set
  given = excluded.given, how = excluded.how, wording = excluded.wording,
  proof = excluded.proof, since = excluded.since, at_epoch = excluded.at_epoch,
  at_unit = excluded.at_unit, at_sequence = excluded.at_sequence,
  source = excluded.source, by_whom = excluded.by_whom, batch = excluded.batch
where (consent.since, consent.at_epoch, consent.at_unit, consent.at_sequence)
      < (excluded.since, excluded.at_epoch, excluded.at_unit, excluded.at_sequence);

-- name: consents_of
select c.consent_key, p.name, coalesce(n.name, ''), c.given, c.how, c.wording, c.proof, c.since,
       c.source, c.by_whom
from (select * from consent where customer = $1
      union all
      select o.* from customer_alias a join consent o on o.customer = a.customer
      where a.person = $1) c
join consent_purpose p on p.id = c.consent_key / 65536
left join consent_channel n on n.id = c.consent_key % 65536
order by 2, 3, c.since, c.at_epoch, c.at_unit, c.at_sequence;
