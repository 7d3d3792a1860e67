, per_person as (
    select bucket, group_key, person, coalesce(sum(value), 0) as value
    from bucketed
    group by bucket, group_key, person
)
select
    bucket, group_key, sum(value) as numerator, count(*) as denominator, count(*) as n,
    var_samp(value) / count(*) as squared_error
from per_person
group by bucket, group_key
