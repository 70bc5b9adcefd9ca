"""A draft beside the published versions of an exercise, a note with each version, and measures as a kind."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="exercise",
            name="draft",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="exercise",
            name="draft_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="exercise",
            name="draft_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exercise",
            name="draft_edition",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="exerciseversion",
            name="note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="exercise",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reflection", "reflection"),
                    ("worksheet", "worksheet"),
                    ("check-in", "check-in"),
                    ("practice", "weekly practice"),
                    ("article", "article with questions"),
                    ("measure", "measure"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("draft", None),
                    models.Q(("article", None), models.Q(("kind", "measure"), _negated=True)),
                    _connector="OR",
                ),
                name="exercise_locked_has_no_draft",
            ),
        ),
    ]
