-- The sum of squares is the squared standard error of a sum of independent orders whose number is chance as well.
select
    bucket, group_key, coalesce(sum(value), 0) as numerator, count(value) as n,
    coalesce(sum(value * value), 0) as squared_error
from bucketed
group by bucket, group_key
