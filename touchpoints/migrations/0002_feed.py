from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0001_initial"), ("customers", "0004_feed")]

    operations = [
        migrations.RunSQL(
            "create trigger touchpoint_announce_trigger before insert on touchpoints_touchpoint"
            " for each statement execute function announce_insert('20001')",
            reverse_sql="drop trigger touchpoint_announce_trigger on touchpoints_touchpoint",
        ),
        migrations.AddField(
            model_name="followerposition",
            name="failed_at",
            field=models.DateTimeField(null=True, verbose_name="failed at"),
        ),
        migrations.AddField(
            model_name="followerposition",
            name="last_error",
            field=models.TextField(
                blank=True,
                default="",
                help_text="What stopped the follower; it tries again by itself.",
                verbose_name="last error",
            ),
        ),
    ]
