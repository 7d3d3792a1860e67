-- By the clock on the brand's wall: two orders at noon are whole days apart, also over a change of summer time.
, gaps as (
    select
        bucket, group_key, person,
        (occurred_at at time zone %(zone)s) - lag(occurred_at at time zone %(zone)s) over (
            partition by bucket, group_key, person order by occurred_at, subject
        ) as gap
    from bucketed
)
select
    bucket, group_key, percentile_cont(0.5) within group (order by extract(epoch from gap)::float / 86400) as value,
    count(gap) as n
from gaps
where gap is not null
group by bucket, group_key
