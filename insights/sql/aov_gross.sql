select
    bucket, group_key, coalesce(sum(value), 0) as numerator, count(*) as denominator, count(*) as n,
    var_samp(value) / count(*) as squared_error
from bucketed
where value > 0
group by bucket, group_key
