, baskets as (
    select bucket, group_key, (
        select count(*)
        from jsonb_to_recordset(properties -> 'lines') as line (quantity numeric, price numeric)
        where quantity > 0 and price > 0
    ) as lines
    from bucketed
    where jsonb_typeof(properties -> 'lines') = 'array'
)
select
    bucket, group_key, sum(lines) as numerator, count(*) as denominator, count(*) as n,
    var_samp(lines) / count(*) as squared_error
from baskets
where lines > 0
group by bucket, group_key
