with buckets as (
    select (number - 1)::int as bucket, starts_at, ends_at
    from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) with ordinality as b (starts_at, ends_at, number)
),
sent as (
    select
        b.bucket, i.id, i.answered_at,
        case %(breakdown)s
            when 'survey' then survey.key
            when 'campaign' then campaign.key
            when 'language' then nullif(i.language, '')
        end as group_key,
        -- Refused or bounced, and no other mail of this invitation got through.
        coalesce(mail.failed, false) and i.answered_at is null as is_undeliverable
    from surveys_invitation i
    join buckets b on i.sent_at >= b.starts_at and i.sent_at < b.ends_at
    join surveys_campaign campaign on campaign.id = i.campaign_id
    join surveys_survey survey on survey.id = campaign.survey_id
    left join lateral (
        select bool_and(m.state = 'failed') as failed
        from touchpoints_message m
        where m.key in ('invitation:' || i.id || ':first', 'invitation:' || i.id || ':reminder')
    ) mail on true
    where campaign.brand_id = %(brand)s
        and (%(survey)s::text is null or survey.key = %(survey)s)
        and (%(campaign)s::text is null or campaign.key = %(campaign)s)
        and (%(language)s::text is null or i.language = %(language)s)
)
