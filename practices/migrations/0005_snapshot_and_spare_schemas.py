"""What new clinics are made from: two tables in public, none in a clinic. The app's role may only read them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0004_measure_wording"),
    ]

    operations = [
        migrations.CreateModel(
            name="SchemaSnapshot",
            fields=[
                ("head", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("token", models.CharField(max_length=63)),
                ("sql", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "schema_snapshot"},
        ),
        migrations.CreateModel(
            name="SpareSchema",
            fields=[
                ("schema_name", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("head", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "spare_schema"},
        ),
    ]
