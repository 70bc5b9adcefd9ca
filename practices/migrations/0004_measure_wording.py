"""The official wording of measures, once for all clinics: one table in public, none in a clinic."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0003_trigrams"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasureWording",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("schema", models.JSONField()),
                ("imported_at", models.DateTimeField()),
            ],
            options={
                "db_table": "measure_wording",
            },
        ),
    ]
