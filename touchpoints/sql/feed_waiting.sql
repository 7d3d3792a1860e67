-- The oldest of the open transactions that hold the feed back: those that announced the lowest bound.
-- Not what they are doing: the text of a query quotes personal data.
select a.class, a.value, a.pid, s.application_name, s.xact_start, s.state
from feed_announcement a
left join pg_stat_activity s using (pid)
where a.class in (%(touchpoints)s, %(changes)s) and a.pid is distinct from pg_backend_pid()
order by s.xact_start nulls first, a.pid
limit 10
