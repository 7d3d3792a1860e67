from pathlib import Path

from django.db import migrations

REVERSE = "drop trigger customer_canonical_trigger on customers_customer; drop function stand_for_itself()"


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_folded")]

    operations = [migrations.RunSQL(Path(__file__).with_name("0003_canonical.sql").read_text(), reverse_sql=REVERSE)]
