-- Rows that stay as they are, are not written: a replay from the start costs little.
insert into touchpoints_subject as known (brand_id, kind, key, customer_id, state, is_open, began_at, changed_at,
  ended_at, value, currency, lines)
select * from jsonb_to_recordset(%s) as told (brand_id bigint, kind text, key text, customer_id bigint, state text,
  is_open boolean, began_at timestamptz, changed_at timestamptz, ended_at timestamptz, value numeric, currency text,
  lines jsonb)
on conflict (brand_id, kind, key) do update set customer_id = excluded.customer_id, state = excluded.state,
  is_open = excluded.is_open, began_at = excluded.began_at, changed_at = excluded.changed_at,
  ended_at = excluded.ended_at, value = excluded.value, currency = excluded.currency, lines = excluded.lines
where (known.customer_id, known.state, known.is_open, known.began_at, known.changed_at, known.ended_at, known.value,
    known.currency, known.lines)
  is distinct from (excluded.customer_id, excluded.state, excluded.is_open, excluded.began_at, excluded.changed_at,
    excluded.ended_at, excluded.value, excluded.currency, excluded.lines)
