, per_person as (
    select bucket, group_key, person, count(*) as orders
    from bucketed
    group by bucket, group_key, person
)
select
    bucket, group_key, sum(orders) as numerator, count(*) as denominator, count(*) as n,
    var_samp(orders) / count(*) as squared_error
from per_person
group by bucket, group_key
