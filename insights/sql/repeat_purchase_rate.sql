, per_person as (
    select
        bucket, group_key, person,
        case %(order_unit)s
            when 'day' then count(distinct (occurred_at at time zone %(zone)s)::date)
            else count(*)
        end as orders
    from bucketed
    group by bucket, group_key, person
)
select
    bucket, group_key, count(*) filter (where orders >= 2) as numerator, count(*) as denominator, count(*) as n
from per_person
group by bucket, group_key
