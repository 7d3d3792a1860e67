, last_orders as (
    select
        b.bucket, o.group_key, o.person,
        (b.ends_at at time zone %(zone)s)::date - 1 - max((o.occurred_at at time zone %(zone)s)::date) as days
    from orders o
    join buckets b on o.occurred_at < b.ends_at
    group by b.bucket, b.ends_at, o.group_key, o.person
)
select
    bucket, group_key, count(*) filter (where days > %(days)s) as numerator, count(*) as denominator, count(*) as n
from last_orders
group by bucket, group_key
