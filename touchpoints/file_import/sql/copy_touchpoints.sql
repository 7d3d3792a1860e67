copy touchpoints_touchpoint (
    source_id, message_id, customer_id, type_id, channel_id, occurred_at, subject, value, currency, valence,
    session_id, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint
) from stdin
