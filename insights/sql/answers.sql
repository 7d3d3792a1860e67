-- The scores that count: of finished responses, inside the scale, and of each person all or only one per period.
-- An anonymous response knows no person, so each of them counts.
with buckets as (
    select (number - 1)::int as bucket, starts_at, ends_at
    from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) with ordinality as b (starts_at, ends_at, number)
),
scores as (
    select
        b.bucket, a.score, r.finished_at, r.id,
        coalesce('person:' || c.canonical_id, 'response:' || r.id) as respondent,
        case %(breakdown)s
            when 'survey' then survey.key
            when 'campaign' then campaign.key
            when 'question' then q.key
            when 'language' then r.language
        end as group_key
    from surveys_answer a
    join surveys_question q on q.id = a.question_id
    join surveys_response r on r.id = a.response_id
    join surveys_surveyversion version on version.id = r.version_id
    join surveys_survey survey on survey.id = version.survey_id
    join buckets b on r.finished_at >= b.starts_at and r.finished_at < b.ends_at
    left join customers_customer c on c.id = r.customer_id
    left join surveys_invitation invitation on invitation.id = r.invitation_id
    left join surveys_campaign campaign on campaign.id = invitation.campaign_id
    where q.kind = any (%(kinds)s)
        and a.score between %(lowest)s and %(highest)s
        and (campaign.brand_id is null or campaign.brand_id = %(brand)s)
        and (%(survey)s::text is null or survey.key = %(survey)s)
        and (%(campaign)s::text is null or campaign.key = %(campaign)s)
        and (%(question)s::text is null or q.key = %(question)s)
        and (%(language)s::text is null or r.language = %(language)s)
),
ranked as (
    select
        *,
        row_number() over (partition by bucket, group_key, respondent order by finished_at, id) as from_first,
        row_number() over (partition by bucket, group_key, respondent order by finished_at desc, id desc) as from_last
    from scores
),
counted as (
    select *
    from ranked
    where %(answers)s = 'all'
        or (%(answers)s = 'first' and from_first = 1)
        or (%(answers)s = 'latest' and from_last = 1)
)
