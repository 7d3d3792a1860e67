from pathlib import Path

import django.contrib.postgres.indexes
from django.db import migrations, models

import customers.search


class Migration(migrations.Migration):
    dependencies = [("customers", "0025_zeros_of_postal_codes")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0026_name_words.sql").read_text(),
            reverse_sql="drop function name_words(text, text, text)",
        ),
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_name_trgm_idx",
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    customers.search.NameWords("given_name", "family_name", "company_name"), name="gin_trgm_ops"
                ),
                name="customer_name_words_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="identity",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("value", name="gin_trgm_ops"),
                condition=models.Q(("kind", "phone")),
                name="identity_phone_part_idx",
            ),
        ),
    ]
