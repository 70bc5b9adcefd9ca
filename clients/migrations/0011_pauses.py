"""A client may have a pause: what would open in it is left out or moved, and what was planned is kept beside it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0010_changes_after_assigning"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="pause_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="client",
            name="pause_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="occurrence",
            name="planned_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="occurrence",
            name="planned_opens_at",
            field=models.DateTimeField(null=True),
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
                    ("withdrawn", "Withdrawn"),
                ],
                default="open",
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pause_from", None), ("pause_until", None)),
                    models.Q(
                        ("pause_from__isnull", False),
                        ("pause_until__gte", models.F("pause_from")),
                        ("pause_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="client_pause_has_two_ends",
            ),
        ),
    ]
