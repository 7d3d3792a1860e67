-- The version of a customer grows with every change of its row or its tags, whoever writes and however many at
-- once; changed_in keeps for each column the version in which it changed last. Both are never taken from a writer.
create function count_change() returns trigger language plpgsql as $$
declare
  before constant jsonb := to_jsonb(old) - '{version,changed_in}'::text[];
  changed jsonb;
begin
  select jsonb_object_agg(key, old.version + 1) into changed
    from jsonb_each(to_jsonb(new) - '{version,changed_in}'::text[]) it
    where it.value is distinct from before -> it.key;
  if changed is not null then
    new.version := old.version + 1;
    new.changed_in := old.changed_in || changed;
  elsif pg_trigger_depth() = 1 then
    -- Somebody saved a row they had read before; only the trigger below may count on its own.
    new.version := old.version;
    new.changed_in := old.changed_in;
  end if;
  return new;
end $$;

create trigger customer_version_trigger before update on customers_customer
  for each row when (old.* is distinct from new.*) execute function count_change();

-- Locked in the order of ids, as everywhere, so that nobody waits for each other in a ring.
create function count_change_of_tags() returns trigger language plpgsql as $$
begin
  with held as materialized (
    select id from customers_customer where id in (select customer_id from changed) order by id for no key update
  )
  update customers_customer customer
    set version = version + 1, changed_in = changed_in || jsonb_build_object('tags', version + 1)
    from held where customer.id = held.id;
  return null;
end $$;

create trigger customer_tags_added_trigger after insert on customers_customer_tags
  referencing new table as changed for each statement execute function count_change_of_tags();
create trigger customer_tags_removed_trigger after delete on customers_customer_tags
  referencing old table as changed for each statement execute function count_change_of_tags();
