-- Types by key, else by alias; all channels; and the acquisition rules as one JSON text. A merged type keeps its own id (touchpoints are read by the type it
-- stands for) and takes the usual channel of that one where it has none.
select 'type', wanted.name, type.id, channel.key
from unnest(%(types)s::text[]) wanted (name)
cross join lateral (
  select id, channel_id, canonical_id from touchpoints_touchpointtype
  where key = wanted.name or aliases @> array[wanted.name]::varchar[]
  order by key = wanted.name desc, id limit 1
) type
left join touchpoints_touchpointtype canonical on canonical.id = type.canonical_id
left join touchpoints_channel channel on channel.id = coalesce(type.channel_id, canonical.channel_id)
union all
select 'channel', key, id, null from touchpoints_channel
union all
select 'rules', '', null, json_agg(json_build_array(acquisition_channel, mediums, hosts, channels) order by position, id)::text
from touchpoints_acquisitionrule
