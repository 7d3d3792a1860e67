-- Locks the merged groups of these records: every record of them, in the order of ids, until the transaction ends
-- (docs/adr/0007-one-order-of-locks.md). Gives each as it stands now: its person (the canonical record), what was
-- merged into it, and what staff took away from it again or kept apart from it.
--
-- Somebody may have regrouped them while we waited. Then the locks are given back, with the subtransaction of the
-- inner block, before the next look: whoever waits holds nothing that stands later in the order.
create function hold_people(records bigint[])
returns table (record bigint, person bigint, is_known boolean, merged bigint[], apart bigint[])
language plpgsql volatile as $$
declare
  held bigint[];
begin
  for attempt in 1..100 loop
    begin
      held := array(
        select c.id from customers_customer c
        where c.canonical_id in (select canonical_id from customers_customer where id = any (records))
        order by c.id for no key update
      );
      if held = array(
        select c.id from customers_customer c
        where c.canonical_id in (select canonical_id from customers_customer where id = any (records))
        order by c.id
      ) then
        return query
          select c.id, c.canonical_id, c.is_known,
            array(select m.merged_id from customers_merge m where m.kept_id = c.id and m.undone_at is null),
            array(
              select m.merged_id from customers_merge m where m.kept_id = c.id and m.undone_at is not null
              union
              select s.other_id from customers_mergesuggestion s where s.one_id = c.id and s.state = 'kept_apart'
            )
          from customers_customer c where c.id = any (held);
        return;
      end if;
      raise sqlstate 'KP001';
    exception when sqlstate 'KP001' then null;
    end;
  end loop;
  raise serialization_failure using message = 'Others keep merging the same people.';
end $$;
