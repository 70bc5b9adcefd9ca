"""A smaller version can be offered with work; what a client takes of it is work of its own that names the time it replaces."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0011_pauses"),
        ("content", "0014_content_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="instead_of",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="smaller_work",
                to="clients.occurrence",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="smaller",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="content.exerciseversion",
            ),
        ),
        migrations.AlterField(
            model_name="occurrence",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("started", "Started"),
                    ("submitted", "Submitted"),
                    ("skipped", "Skipped"),
                    ("replaced", "Replaced"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="open",
                max_length=9,
            ),
        ),
    ]
