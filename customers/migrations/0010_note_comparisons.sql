-- Whose name or address is new is to be compared with all others. Triggers, so that imports by COPY, bulk changes and
-- the admin need not think of it; people without a name (most of what a browser sends) cost nothing.
create function note_new_comparisons() returns trigger language plpgsql as $$
begin
  insert into customers_comparison (customer_id) select id from added where family_name <> '' or company_name <> '';
  return null;
end $$;

create trigger customer_added_comparison_trigger after insert on customers_customer
  referencing new table as added for each statement execute function note_new_comparisons();

create function note_comparison() returns trigger language plpgsql as $$
begin
  insert into customers_comparison (customer_id) values (new.id);
  return null;
end $$;

create trigger customer_changed_comparison_trigger after update on customers_customer
  for each row when (
    (new.family_name <> '' or new.company_name <> '')
    and (old.kind, old.salutation, old.given_name, old.family_name, old.company_name, old.street, old.postal_code)
      is distinct from
      (new.kind, new.salutation, new.given_name, new.family_name, new.company_name, new.street, new.postal_code)
  ) execute function note_comparison();

-- People who were there before.
insert into customers_comparison (customer_id)
  select id from customers_customer where family_name <> '' or company_name <> '' order by id;
