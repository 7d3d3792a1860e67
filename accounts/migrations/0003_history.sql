-- What a trigger of accounts.tracking writes down. Without accounts.acting the database role is named.
create function record_change(
  model text, kind text, before jsonb, after jsonb, about jsonb, untold text[], secret text[]
) returns void language plpgsql as $$
declare
  acting jsonb := coalesce(nullif(current_setting('kundenpfad.acting', true), ''), '{}');
  pk bigint := coalesce(after, before) ->> 'id';
  changes jsonb;
begin
  select jsonb_object_agg(key, case when key = any (secret) then '[]'::jsonb
                                    else jsonb_build_array(before -> key, after -> key) end)
  into changes
  from jsonb_object_keys(coalesce(after, before)) key
  where key <> all (untold)
    and before -> key is distinct from after -> key
    and (kind = 'UPDATE' or coalesce(after, before) -> key not in ('null', '""', '[]', '{}'));

  if kind = 'UPDATE' and changes is null then
    return;
  end if;

  insert into accounts_change (kind, model, row_pk, about, changes, user_id, api_key_id, origin, context)
  select kind, model, pk,
    array[model || ':' || pk] || array(
      select distinct value || ':' || (version ->> key)
      from jsonb_each_text(about), (values (before), (after)) versions (version)
      where version ->> key is not null
    ),
    coalesce(changes, '{}'),
    (acting ->> 'user')::bigint, (acting ->> 'api_key')::bigint,
    left(coalesce(acting ->> 'origin', 'sql ' || session_user), 200),
    coalesce(acting ->> 'context', pg_current_xact_id()::text);
end $$;

-- Append-only. The one thing that may happen later is that values are blanked: [before, after] becomes [].
create function refuse_other_than_blanking() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(old) - 'changes' = to_jsonb(new) - 'changes' and not exists (
    select from jsonb_each(old.changes) was full join jsonb_each(new.changes) "is" using (key)
    where "is".value is distinct from was.value and (was.value is null or "is".value is distinct from '[]')
  ) then
    return new;
  end if;
  raise exception 'The history is append-only.' using errcode = 'restrict_violation';
end $$;

create trigger change_append_only_trigger before update or delete on accounts_change
  for each row execute function refuse_other_than_blanking();

-- For erasure alone: of every change about these (customers.customer:17) the personal values are blanked.
-- Who, when and which field stay. `personal`: columns by model. Returns the number of changes.
create function blank_changes(of varchar[], personal jsonb) returns bigint language sql as $$
  with blanked as (
    update accounts_change change
    set changes = (
      select jsonb_object_agg(key, case when personal -> change.model ? key then '[]' else value end)
      from jsonb_each(change.changes)
    )
    where about && of and exists (
      select from jsonb_each(change.changes) where personal -> change.model ? key and value <> '[]'
    )
    returning 1
  )
  select count(*) from blanked
$$;
