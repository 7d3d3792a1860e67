-- One row per order number: what it was worth, and what was reported lost of it. Several kinds of report (cancelled,
-- then refunded) tell of the same loss, so the largest counts; a cancellation without a value loses the whole order.
, settled as (
    select
        subject,
        min(occurred_at) filter (where type_id = any (%(activity)s::bigint[])) as placed_at,
        min(occurred_at) as first_at,
        (array_agg(group_key order by occurred_at, id))[1] as group_key,
        coalesce((array_agg(value order by occurred_at, id) filter (where type_id = any (%(activity)s::bigint[])))[1], 0) as gross,
        bool_or(type = 'order_cancelled' and value is null) as is_all_lost,
        greatest(
            sum(abs(value)) filter (where type = 'order_cancelled'),
            sum(abs(value)) filter (where type = 'order_returned'),
            sum(abs(value)) filter (where type = 'order_refunded'),
            0
        ) as lost
    from standing
    where value is null or currency = %(currency)s
    group by subject
),
net as (
    select
        case when gross > 0 then placed_at else first_at end as counts_at,
        group_key,
        (gross > 0)::int as is_order,
        case when gross > 0 then gross else 0 end
        - case when is_all_lost and gross > 0 then greatest(gross, lost) else lost end as value
    from settled
)
select
    b.bucket, group_key, sum(value) as numerator, sum(is_order) as denominator, sum(is_order) as n,
    sum(value * value) / nullif(sum(is_order) ^ 2, 0) - sum(value) ^ 2 / nullif(sum(is_order) ^ 3, 0) as squared_error
from net
join buckets b on counts_at >= b.starts_at and counts_at < b.ends_at
where is_order = 1 or value <> 0
group by b.bucket, group_key
