select bucket, group_key, count(distinct person) as numerator, count(distinct person) as n
from bucketed
group by bucket, group_key
