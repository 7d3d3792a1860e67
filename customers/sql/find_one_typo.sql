-- People with a word in their name as one of these patterns has it (customers.typos), by customer_name_words_idx, and
-- with all the other words. The name is spelled out once for each row that the index brings.
with near as materialized (
  select canonical_id, words
  from unnest(%(patterns)s::text[]) pattern
  cross join lateral (
    select canonical_id, name_words(given_name, family_name, company_name) as words
    from customers_customer
    where name_words(given_name, family_name, company_name) like pattern
  ) named
)
select canonical_id
from near
where words ~ all (%(others)s::text[])
group by canonical_id
-- A word by itself is a typo apart in all of them.
order by min(case when %(others)s::text[] <> '{}' then words <->> %(term)s end), canonical_id desc
limit %(most)s
