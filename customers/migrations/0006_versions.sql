-- The version of a customer grows with every change of its row or its tags, whoever writes and however many at
-- once. It is never taken from a writer.
create function count_change() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'version' is distinct from to_jsonb(old) - 'version' then
    new.version := old.version + 1;
  elsif pg_trigger_depth() = 1 then
    -- Somebody saved a row they had read before; only the trigger below may count on its own.
    new.version := old.version;
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
  update customers_customer customer set version = version + 1 from held where customer.id = held.id;
  return null;
end $$;

create trigger customer_tags_added_trigger after insert on customers_customer_tags
  referencing new table as changed for each statement execute function count_change_of_tags();
create trigger customer_tags_removed_trigger after delete on customers_customer_tags
  referencing old table as changed for each statement execute function count_change_of_tags();
