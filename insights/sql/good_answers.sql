select
    bucket, group_key, count(*) filter (where score >= %(good_from)s) as numerator, count(*) as denominator,
    count(*) as n, avg(score)::float as mean_score
from counted
group by bucket, group_key
