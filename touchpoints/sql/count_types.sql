-- How often each type arrived, when, and its newest five.
insert into touchpoints_typeuse as use (type_id, arrivals, first_at, last_at, newest)
select type_id, count(*), min(received_at), max(received_at), (array_agg(id order by id desc))[1:5]
from touchpoints_touchpoint
where id > %(after)s and id <= %(until)s and type_id is not null
group by type_id
on conflict (type_id) do update set
  arrivals = use.arrivals + excluded.arrivals,
  first_at = least(use.first_at, excluded.first_at),
  last_at = greatest(use.last_at, excluded.last_at),
  newest = (excluded.newest || use.newest)[1:5]
