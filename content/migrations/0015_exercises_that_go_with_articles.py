"""An article names exercises that a clinician may give beside it: one more table, since each goes with many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0014_content_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="goes_with",
            field=models.ManyToManyField(blank=True, related_name="+", to="content.exercise"),
        ),
    ]
