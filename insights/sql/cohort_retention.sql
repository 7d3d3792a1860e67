-- The prelude's orders are one per order number; a cohort looks at every touchpoint of its types. One pass with a
-- window instead of a join of persons with their events.
, events as (
    select
        person,
        date_trunc('month', occurred_at at time zone %(zone)s) as month,
        type_id = any (%(return_event)s::bigint[]) as is_return,
        min(occurred_at) filter (where type_id = any (%(cohort_event)s::bigint[])) over (partition by person) as joined_at
    from standing
    where %(values)s = 'any' or value is null or value > 0
),
members as (
    select *, date_trunc('month', joined_at at time zone %(zone)s) as cohort
    from events
    where joined_at >= (select min(starts_at) from buckets)
),
sizes as (
    select cohort, count(distinct person) as size from members group by cohort
),
retained as (
    select
        cohort,
        (extract(year from month) - extract(year from cohort)) * 12
        + extract(month from month) - extract(month from cohort) as month,
        count(distinct person) as retained
    from members
    where is_return and month >= cohort
    group by 1, 2
)
select sizes.cohort::date as cohort, sizes.size, retained.month::int as month, retained.retained
from sizes
left join retained using (cohort)
order by 1, 3
