select distinct t.currency
from touchpoints_touchpoint t
where t.type_id = any (%(types)s::bigint[])
    and t.source_id = any (%(sources)s::bigint[])
    and t.currency <> ''
    and t.occurred_at >= (%(starts)s::timestamptz[])[1]
    and t.occurred_at < (%(ends)s::timestamptz[])[1]
order by 1
