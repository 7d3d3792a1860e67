-- Types by key, else by alias; and all channels.
select 'type', wanted.name, type.id, channel.key
from unnest(%(types)s::text[]) wanted (name)
cross join lateral (
  select id, channel_id from touchpoints_touchpointtype
  where key = wanted.name or aliases @> array[wanted.name]::varchar[]
  order by key = wanted.name desc, id limit 1
) type
left join touchpoints_channel channel on channel.id = type.channel_id
union all
select 'channel', key, id, null from touchpoints_channel
