from pathlib import Path

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(
            Path(__file__).with_name("0002_folded.sql").read_text(), reverse_sql="drop function folded(text)"
        ),
    ]
