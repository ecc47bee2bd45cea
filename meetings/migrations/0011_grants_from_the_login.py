"""A role may come from a group of the municipality's own login; and one cache for all processes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0010_leaders_letters_and_promises_made_elsewhere"),
    ]

    operations = [
        migrations.AddField(
            model_name="rolegrant",
            name="source",
            field=models.CharField(
                choices=[("manual", "Givet her"), ("login", "Fra kommunens login")],
                default="manual",
                max_length=10,
                verbose_name="hvorfra",
            ),
        ),
        # Django's own cache in the database (CACHES); what it counts may be lost, so it costs no write-ahead log.
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE shared_cache (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX shared_cache_expires ON shared_cache (expires);
            """,
            "DROP TABLE shared_cache",
        ),
    ]
