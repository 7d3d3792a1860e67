from django.db import migrations

# What is still to be decided was weighed more eagerly before: a name alone was called likely.
COMPARE_AGAIN = """
insert into customers_comparison (customer_id)
select one_id from customers_mergesuggestion where state in ('open', 'later') order by id
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0026_name_words")]

    operations = [migrations.RunSQL(COMPARE_AGAIN, migrations.RunSQL.noop)]
