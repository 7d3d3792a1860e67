from pathlib import Path

import django.contrib.postgres.indexes
from django.db import migrations

# Backwards the trigger keeps asking, and is told no.
NEVER = """
create or replace function may_be_let_go(moment timestamptz) returns boolean language sql stable as 'select false';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_changes_added_faster"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["changed_at"], name="change_changed_at_idx"
            ),
        ),
        migrations.RunSQL(Path(__file__).with_name("0007_letting_go.sql").read_text(), reverse_sql=NEVER),
    ]
