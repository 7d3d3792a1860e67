-- An id is drawn before its transaction commits, so "id > position" alone would skip rows that commit late.
-- Before its first insert a transaction therefore announces a lower bound of the ids it will draw: a shared
-- advisory lock whose key is (class, last drawn value). The lock vanishes with its transaction, also when
-- that is killed, and with its savepoint, together with the setting that remembers it.
create function announce_insert() returns trigger language plpgsql as $$
declare
  class constant bigint := tg_argv[0];
  setting constant text := 'kundenpfad.announced_' || tg_argv[0];
  sequence text;
begin
  if coalesce(current_setting(setting, true), '') = '' then
    sequence := pg_get_serial_sequence(format('%I.%I', tg_table_schema, tg_table_name), 'id');
    -- Null while nothing was ever drawn.
    perform pg_advisory_xact_lock_shared((class << 48) | coalesce(pg_sequence_last_value(sequence::regclass), 0));
    perform set_config(setting, '1', true);
  end if;
  return null;
end $$;

create view feed_announcement as
  select classid::bigint >> 16 as class, ((classid::bigint & 65535) << 32) | objid::bigint as value, pid
  from pg_locks
  where locktype = 'advisory' and objsubid = 1
    and database = (select oid from pg_database where datname = current_database());

-- Rows up to here are final: committed, or never to come. The order matters: a transaction that announces
-- itself after the second look draws ids greater than what the first look saw.
create function feed_horizon(class bigint, sequence regclass) returns bigint language plpgsql volatile as $$
declare
  drawn bigint;
  announced bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise 'The feed is read in READ COMMITTED: an older snapshot would not show every final row.';
  end if;
  drawn := coalesce(pg_sequence_last_value(sequence), 0);
  -- A prepared transaction has no pid. Our own rows we see ourselves.
  select min(value) into announced from feed_announcement a
    where a.class = feed_horizon.class and a.pid is distinct from pg_backend_pid();
  return least(drawn, announced);
end $$;

create trigger customerchange_announce_trigger before insert on customers_customerchange
  for each statement execute function announce_insert('20002');
