-- Each can be read; but for v_customers: SQLite 3.40 lets no view build JSON where
-- trusted_schema is off, as the program has it.
select 1 from v_events where customer is null;
select 1 from v_orders where customer is null;
select 1 from v_payments where customer is null;
select 1 from v_tags where customer is null;
