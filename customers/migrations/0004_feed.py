from pathlib import Path

from django.db import migrations

REVERSE = """
drop trigger customerchange_announce_trigger on customers_customerchange;
drop function feed_horizon(bigint, regclass);
drop view feed_announcement;
drop function announce_insert();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_canonical")]

    operations = [migrations.RunSQL(Path(__file__).with_name("0004_feed.sql").read_text(), reverse_sql=REVERSE)]
