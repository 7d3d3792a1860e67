from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0019_segments")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0020_hold_people.sql").read_text(),
            reverse_sql="drop function hold_people(bigint[])",
        )
    ]
