-- What the figures about purchases read: the touchpoints that stand (the last of each chain of corrections), each
-- with the person (canonical customer) it belongs to, and the orders among them: one row per order number.
with buckets as (
    select (number - 1)::int as bucket, starts_at, ends_at
    from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) with ordinality as b (starts_at, ends_at, number)
),
standing as (
    select
        t.id, record.canonical_id as person, t.occurred_at, t.type_id, type.key as type, t.value, t.currency, t.properties,
        coalesce(nullif(t.subject, ''), 'touchpoint:' || t.id) as subject,
        case %(breakdown)s
            when 'channel' then channel.key
            when 'source' then source.key
            when 'place' then nullif(t.place, '')
            when 'country' then nullif(person.country, '')
        end as group_key
    from touchpoints_touchpoint t
    join touchpoints_source source on source.id = t.source_id
    join touchpoints_touchpointtype arrived on arrived.id = t.type_id
    join touchpoints_touchpointtype type on type.id = arrived.canonical_id
    join customers_customer record on record.id = t.customer_id
    join customers_customer person on person.id = record.canonical_id
    left join touchpoints_channel channel on channel.id = coalesce(t.channel_id, type.channel_id)
    -- By number and not by key, so that the planner knows how many rows to expect.
    where t.type_id = any (%(types)s::bigint[])
        and t.source_id = any (%(sources)s::bigint[])
        and t.occurred_at < %(until)s
        and (%(customers)s = 'all' or person.is_known)
        and (%(channel)s::text is null or channel.key = %(channel)s)
        and (%(source)s::text is null or source.key = %(source)s)
        and (%(place)s::text is null or t.place = %(place)s)
        and (%(country)s::text is null or person.country = %(country)s)
        -- Two questions, so that each can be answered by one hash or index.
        and not exists (
            select from touchpoints_touchpoint direct
            where direct.replaces <> '' and direct.source_id = t.source_id and direct.replaces = t.message_id
        )
        and (t.replaces = '' or not exists (
            select from touchpoints_touchpoint sibling
            where sibling.replaces <> '' and sibling.source_id = t.source_id and sibling.replaces = t.replaces
                and sibling.id > t.id
        ))
),
-- Something without value may be worth something; what costs 0 was given away.
orders as (
    select distinct on (subject) subject, person, occurred_at, value, currency, properties, group_key
    from standing
    where type_id = any (%(activity)s::bigint[])
        and (%(values)s = 'any' or value is null or value > 0)
        and (%(currency)s::text is null or currency = %(currency)s)
    order by subject, occurred_at, id
),
bucketed as (
    select b.bucket, o.*
    from orders o
    join buckets b on o.occurred_at >= b.starts_at and o.occurred_at < b.ends_at
)
