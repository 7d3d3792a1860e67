from pathlib import Path

from django.db import migrations

REVERSE = """
drop trigger customer_changed_comparison_trigger on customers_customer;
drop trigger customer_added_comparison_trigger on customers_customer;
drop function note_comparison();
drop function note_new_comparisons();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_suggestions")]

    operations = [
        migrations.RunSQL(Path(__file__).with_name("0010_note_comparisons.sql").read_text(), reverse_sql=REVERSE)
    ]
