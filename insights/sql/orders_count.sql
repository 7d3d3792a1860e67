select bucket, group_key, count(*) as numerator, count(*) as n
from bucketed
group by bucket, group_key
