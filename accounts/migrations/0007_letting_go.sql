-- Deleting from what is append-only: by retention alone, and only what is at least ninety days old.
create or replace function may_be_let_go(moment timestamptz) returns boolean language sql stable as $$
  select moment < now() - interval '90 days' and coalesce(current_setting('kundenpfad.letting_go', true), '') = 'on'
$$;

create or replace function refuse_other_than_blanking() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and may_be_let_go(old.changed_at) then
    return old;
  end if;
  if tg_op = 'UPDATE' and to_jsonb(old) - 'changes' = to_jsonb(new) - 'changes' and not exists (
    select from jsonb_each(old.changes) was full join jsonb_each(new.changes) "is" using (key)
    where "is".value is distinct from was.value and (was.value is null or "is".value is distinct from '[]')
  ) then
    return new;
  end if;
  raise exception 'The history is append-only.' using errcode = 'restrict_violation';
end $$;
