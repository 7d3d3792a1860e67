select
    bucket, group_key, sum(score) as numerator, count(*) as denominator, count(*) as n,
    var_samp(score) / count(*) as squared_error, count(*) filter (where score >= 4) as four_or_five
from counted
group by bucket, group_key
