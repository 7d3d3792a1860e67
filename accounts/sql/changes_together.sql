-- How many rows of one model one request, task or command changed in one way; counted no further than :most.
select together.context, together.model, together.kind, (
  select count(*) from (
    select from accounts_change change
    where change.context = together.context and change.model = together.model and change.kind = together.kind
    limit %(most)s
  ) counted
)
from json_to_recordset(%(together)s) together (context text, model text, kind text)
