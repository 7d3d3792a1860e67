select
    bucket, group_key,
    count(*) filter (where answered_at is not null) as numerator,
    count(*) filter (where not is_undeliverable) as denominator,
    count(*) filter (where not is_undeliverable) as n,
    count(*) as invited,
    count(*) filter (where is_undeliverable) as undeliverable
from sent
group by bucket, group_key
