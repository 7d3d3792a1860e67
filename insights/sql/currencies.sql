select distinct t.currency
from touchpoints_touchpoint t
join touchpoints_source source on source.id = t.source_id
join touchpoints_touchpointtype type on type.id = t.type_id
where source.brand_id = %(brand)s
    and type.key = any (%(types)s)
    and t.currency <> ''
    and t.occurred_at >= (%(starts)s::timestamptz[])[1]
    and t.occurred_at < (%(ends)s::timestamptz[])[1]
order by 1
