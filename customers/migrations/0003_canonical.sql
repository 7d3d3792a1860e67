-- A new customer stands for itself. A trigger, so that bulk inserts and COPY need not know the id.
create function stand_for_itself() returns trigger language plpgsql as $$
begin
  new.canonical_id := coalesce(new.canonical_id, new.id);
  return new;
end $$;

create trigger customer_canonical_trigger before insert on customers_customer
  for each row when (new.canonical_id is null) execute function stand_for_itself();
