-- People whose names have most trigrams of each of these words, by customer_name_words_idx.
select canonical_id
from customers_customer
where name_words(given_name, family_name, company_name) %%> %(longest)s
  and name_words(given_name, family_name, company_name) %%> all (%(others)s::text[])
group by canonical_id
order by min(name_words(given_name, family_name, company_name) <->> %(term)s), canonical_id desc
limit %(most)s
