select
    bucket, group_key,
    count(*) filter (where score >= 9) - count(*) filter (where score <= 6) as numerator,
    count(*) as denominator,
    count(*) as n,
    count(*) filter (where score >= 9) as promoters,
    count(*) filter (where score between 7 and 8) as passives,
    count(*) filter (where score <= 6) as detractors,
    avg(score)::float as mean_score
from counted
group by bucket, group_key
