-- Customers that only the imported file named, so that every round makes them anew.
with strangers as (
    select c.id from customers_customer c
    where exists (select from customers_identity i where i.customer_id = c.id and i.kind in ('user_id', 'receipt'))
        and not exists (select from touchpoints_touchpoint t where t.customer_id = c.id)
), nameless as (
    delete from customers_identity where customer_id in (select id from strangers)
)
delete from customers_customer where id in (select id from strangers)
