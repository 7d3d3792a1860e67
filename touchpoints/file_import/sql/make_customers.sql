-- Customers for identifiers seen for the first time. Whoever loses a race for one finds the winner's afterwards.
with wanted as materialized (
    select kind, value, nextval('customers_customer_id_seq') as customer_id
    from unnest(%(kinds)s::text[], %(values)s::text[]) as wanted (kind, value)
    order by kind, value
), won as (
    insert into customers_identity (kind, value, customer_id, is_trusted)
    select kind, value, customer_id, true from wanted order by kind, value
    on conflict (kind, value) do nothing
    returning kind, value, customer_id
), made as (
    insert into customers_customer (
        id, canonical_id, is_known, kind, salutation, title, given_name, family_name, company_name,
        street, postal_code, city, country, language, time_zone
    )
    select
        customer_id, customer_id, kind <> all (%(anonymous)s::text[]), 'person', '', '', '', '', '', '', '', '', '', '', ''
    from won
)
select kind, value, customer_id from won
